namespace ModelBuild.Runtime.Detections;

/// <summary>
/// Represents the cells of the detector YOLOX: one grid for each stride, in row-major order. The centre of a box is relative to its cell, and its width and
/// height are logarithms, both in units of the stride.
/// </summary>
internal sealed class GridCells
{
    private readonly (int X, int Y, int Stride)[] _cells;

    /// <summary>Initializes a new instance of the <see cref="GridCells"/> class for an image.</summary>
    /// <exception cref="InvalidOperationException">The output has another number of places than there are cells.</exception>
    public GridCells(IReadOnlyList<int> strides, ImageSize prepared, int places)
    {
        _cells =
        [
            .. strides.SelectMany(stride =>
                Enumerable.Range(0, prepared.Height / stride).SelectMany(y => Enumerable.Range(0, prepared.Width / stride).Select(x => (x, y, stride)))
            ),
        ];
        if (_cells.Length != places)
            throw new InvalidOperationException(
                $"An image of {prepared} pixels has {_cells.Length} cells with the strides {string.Join(", ", strides)}, and the output has {places} places."
            );
    }

    /// <summary>Converts the four numbers of a box in the output to its centre, width and height in pixels.</summary>
    public void ToPixels(int place, Span<float> box)
    {
        var (x, y, stride) = _cells[place];
        box[0] = (box[0] + x) * stride;
        box[1] = (box[1] + y) * stride;
        box[2] = MathF.Exp(box[2]) * stride;
        box[3] = MathF.Exp(box[3]) * stride;
    }
}
