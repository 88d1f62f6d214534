namespace ModelBuild.Runtime.Pictures;

/// <summary>Resizes maps of the classes of pixels.</summary>
internal static class ClassMaps
{
    /// <summary>Resizes the scores of all classes by linear interpolation, and returns for each pixel the class with the highest score.</summary>
    public static ushort[] FromScores(ReadOnlySpan<float> scores, OutputShape shape, ResampleAxis horizontal, ResampleAxis vertical)
    {
        var planes = Planes(scores, shape, horizontal, vertical);
        var classes = new ushort[checked(horizontal.Size * vertical.Size)];
        var (row, highest) = (new float[horizontal.Size], new float[horizontal.Size]);
        for (var y = 0; y < vertical.Size; y++)
        {
            Array.Fill(highest, float.NegativeInfinity);
            var target = classes.AsSpan(y * horizontal.Size, horizontal.Size);
            for (var index = 0; index < shape.Channels; index++)
            {
                planes.Read(index, y, row);
                for (var x = 0; x < row.Length; x++)
                    if (row[x] > highest[x])
                        (highest[x], target[x]) = (row[x], (ushort)index);
            }
        }

        return classes;
    }

    /// <summary>
    /// Resizes one channel by linear interpolation, and returns a class for each pixel: 1 if its value is above a threshold, and 0 otherwise.
    /// </summary>
    public static ushort[] FromForeground(ReadOnlySpan<float> values, OutputShape shape, float threshold, ResampleAxis horizontal, ResampleAxis vertical)
    {
        var planes = Planes(values, shape, horizontal, vertical);
        var classes = new ushort[checked(horizontal.Size * vertical.Size)];
        var row = new float[horizontal.Size];
        for (var (y, place) = (0, 0); y < vertical.Size; y++)
        {
            planes.Read(0, y, row);
            foreach (var value in row)
                classes[place++] = (ushort)(value > threshold ? 1 : 0);
        }

        return classes;
    }

    /// <summary>Resizes a map of class indices. Each pixel gets the class of the nearest pixel of the map.</summary>
    public static T[] FromIndices<T>(ReadOnlySpan<T> indices, ImageSize size, ResampleAxis horizontal, ResampleAxis vertical)
    {
        var columns = ResampleTable.Create(horizontal, 0, horizontal.Size, ImageFilter.NearestExact, antialias: false).Starts;
        var rows = ResampleTable.Create(vertical, 0, vertical.Size, ImageFilter.NearestExact, antialias: false).Starts;
        var classes = new T[checked(horizontal.Size * vertical.Size)];
        for (var (y, place) = (0, 0); y < rows.Length; y++)
        for (var x = 0; x < columns.Length; x++)
            classes[place++] = indices[(rows[y] * size.Width) + columns[x]];
        return classes;
    }

    private static PlaneRows Planes(ReadOnlySpan<float> values, OutputShape shape, ResampleAxis horizontal, ResampleAxis vertical) =>
        new(
            values,
            shape,
            ResampleTable.Create(horizontal, 0, horizontal.Size, ImageFilter.Bilinear, antialias: false),
            ResampleTable.Create(vertical, 0, vertical.Size, ImageFilter.Bilinear, antialias: false)
        );
}
