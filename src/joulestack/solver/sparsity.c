/* Places of a matrix, for sparsity.py, which says what meets what.

   The unknowns of a row meet all unknowns of the entities that the row belongs to. */

#include <stdint.h>

/* Shell's sort; a row has some ten or hundred columns, in runs that are sorted already. */
static void sort(int32_t n, int32_t *values)
{
  static const int32_t gaps[] = {701, 301, 132, 57, 23, 10, 4, 1};
  for (int g = 0; g < 8; ++g)
    for (int32_t i = gaps[g]; i < n; ++i)
    {
      const int32_t v = values[i];
      int32_t k = i;
      for (; k >= gaps[g] && values[k - gaps[g]] > v; k -= gaps[g])
        values[k] = values[k - gaps[g]];
      values[k] = v;
    }
}

/* Entities of every unknown, one unknown behind another: those of u end up at next[u - 1] to
   next[u]. `unknowns` are those of the entities' rows, `width` of each, -1 for none; entities count
   from `first`. */
void belong(int64_t count, int width, int32_t first, const int32_t *unknowns, int64_t *next,
            int32_t *entities)
{
  for (int64_t e = 0; e < count; ++e)
    for (int k = 0; k < width; ++k)
    {
      const int32_t u = unknowns[e * width + k];
      if (u >= 0)
        entities[next[u]++] = first + (int32_t)e;
    }
}

/* Columns of `count` rows: their number, and where `columns` is not NULL the sorted numbers that
   `name` gives them. `begin` of the entities of every unknown, `start` of the columns of every
   entity; `seen` is a work array, -1 for every unknown. A row always meets itself. */
void meet(int64_t count, const int32_t *rows, const int64_t *begin, const int32_t *entities,
          const int64_t *start, const int32_t *met, const int32_t *name, int32_t *seen,
          int32_t *number, int32_t *columns)
{
  for (int64_t r = 0; r < count; ++r)
  {
    const int32_t u = rows[r];
    int32_t n = 1;
    seen[u] = (int32_t)r;
    if (columns)
      columns[0] = name[u];
    for (int64_t b = begin[u]; b < begin[u + 1]; ++b)
      for (int64_t s = start[entities[b]]; s < start[entities[b] + 1]; ++s)
      {
        const int32_t v = met[s];
        if (v < 0 || seen[v] == (int32_t)r)
          continue;
        seen[v] = (int32_t)r;
        if (columns)
          columns[n] = name[v];
        ++n;
      }
    if (columns)
    {
      sort(n, columns);
      columns += n;
    }
    else
      number[r] = n;
  }
}
