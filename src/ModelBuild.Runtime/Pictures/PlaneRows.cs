namespace ModelBuild.Runtime.Pictures;

/// <summary>Resizes single channels of an output row by row.</summary>
/// <param name="values">The elements of the output.</param>
/// <param name="shape">The shape of the output.</param>
/// <param name="columns">The windows of the columns.</param>
/// <param name="rows">The windows of the rows.</param>
internal readonly ref struct PlaneRows(ReadOnlySpan<float> values, OutputShape shape, ResampleTable columns, ResampleTable rows)
{
    private readonly ReadOnlySpan<float> _values = values;
    private readonly float[] _line = new float[shape.Size.Width];

    /// <summary>Computes one row of a resized channel.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="y">The row of the result.</param>
    /// <param name="row">The destination of the row.</param>
    public void Read(int channel, int y, Span<float> row)
    {
        AddRows(_values[(channel * shape.ChannelStep)..], y);
        for (var x = 0; x < row.Length; x++)
        {
            var sum = 0f;
            for (var tap = 0; tap < columns.Taps; tap++)
                // Neighbours with the weight 0 are skipped, because an infinite value times 0 is not a number.
                if (columns.Weights[(x * columns.WeightStep) + tap] is not 0 and var weight)
                    sum += _line[columns.Starts[x] + tap] * weight;
            row[x] = sum;
        }
    }

    private void AddRows(ReadOnlySpan<float> plane, int y)
    {
        Array.Clear(_line);
        for (var tap = 0; tap < rows.Taps; tap++)
        {
            var weight = rows.Weights[(y * rows.WeightStep) + tap];
            if (weight == 0)
                continue;
            var row = plane[((rows.Starts[y] + tap) * shape.Size.Width * shape.PixelStep)..];
            for (var x = 0; x < _line.Length; x++)
                _line[x] += row[x * shape.PixelStep] * weight;
        }
    }
}
