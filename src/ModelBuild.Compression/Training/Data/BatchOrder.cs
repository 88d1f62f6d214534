using ModelBuild.Compression.Randomness;

namespace ModelBuild.Compression.Training.Data;

/// <summary>
/// The order in which rows are divided into batches. Each epoch has every row once, in a random order. Rows of the same form are collected until they fill a
/// batch, so that a batch that is incomplete at the end of an epoch is filled in the next.
/// </summary>
/// <param name="index">The rows.</param>
/// <param name="rows">The rows that are used.</param>
/// <param name="batch">The number of rows of a batch, for rows that can be joined.</param>
internal sealed class BatchOrder(RowIndex index, int[] rows, int batch)
{
    /// <summary>Returns an endless sequence of full batches.</summary>
    /// <param name="seed">The seed of all epochs.</param>
    public IEnumerable<RowDraw[]> Shuffled(ulong seed)
    {
        var waiting = new Dictionary<int, List<RowDraw>>();
        for (var epoch = 0; rows.Length > 0; epoch++)
        {
            int[] order = [.. rows];
            Permutation.Shuffle(order, DerivedSeed.Of(seed, epoch));
            foreach (var row in order)
                if (Add(waiting, new RowDraw(row, epoch)) is { } full)
                    yield return full;
        }
    }

    /// <summary>Returns all rows once, in their order. The last batch of each form may be incomplete.</summary>
    public IEnumerable<RowDraw[]> InOrder()
    {
        var waiting = new Dictionary<int, List<RowDraw>>();
        foreach (var row in rows)
            if (Add(waiting, new RowDraw(row, 0)) is { } full)
                yield return full;
        foreach (var rest in waiting.OrderBy(form => form.Key).Where(form => form.Value.Count > 0))
            yield return [.. rest.Value];
    }

    private RowDraw[]? Add(Dictionary<int, List<RowDraw>> waiting, RowDraw draw)
    {
        var form = index.Form(draw.Row);
        if (!waiting.TryGetValue(form, out var list))
            waiting[form] = list = [];
        list.Add(draw);
        if (list.Count < (index.Locate(draw.Row).Block.IsJoinable ? batch : 1))
            return null;
        RowDraw[] full = [.. list];
        list.Clear();
        return full;
    }
}
