namespace ModelBuild.Compression.Layers.Moments;

/// <summary>Keeps sampled rows of the inputs and targets of one layer, or of one group of a convolution.</summary>
/// <param name="inputs">K, the number of inputs.</param>
/// <param name="outputs">N, the number of outputs.</param>
internal sealed class RowCollector(int inputs, int outputs)
{
    private readonly List<float[]> _x = [];
    private readonly List<float[]> _y = [];

    /// <summary>Adds rows. Rows with numbers that are not finite or extremely large are skipped.</summary>
    /// <param name="x">The inputs of the layer [any, K].</param>
    /// <param name="y">The targets of the layer [as many, N].</param>
    public void Add(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        for (; x.Length > 0; x = x[inputs..], y = y[outputs..])
        {
            if (!MomentsAccumulator.IsUsable(x[..inputs]) || !MomentsAccumulator.IsUsable(y[..outputs]))
                continue;
            _x.Add(x[..inputs].ToArray());
            _y.Add(y[..outputs].ToArray());
        }
    }

    /// <summary>Returns all rows that were added, or null when there are none.</summary>
    public LayerSample? Sample() => _x.Count == 0 ? null : new LayerSample(inputs, outputs, Joined(_x), Joined(_y));

    private static float[] Joined(List<float[]> rows)
    {
        var joined = new float[rows.Count * rows[0].Length];
        for (var row = 0; row < rows.Count; row++)
            rows[row].CopyTo(joined, row * rows[row].Length);
        return joined;
    }
}
