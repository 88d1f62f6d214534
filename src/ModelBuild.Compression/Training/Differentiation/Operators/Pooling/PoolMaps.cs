using ModelBuild.Compression.Training.Differentiation.Operators.Resampling;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Pooling;

/// <summary>The linear maps along the spatial axes that a pooling of sums or means consists of.</summary>
internal static class PoolMaps
{
    /// <summary>Applies the transposed maps of a pooling to a value with the shape of its output.</summary>
    /// <param name="node">The pooling.</param>
    /// <param name="value">The value.</param>
    /// <param name="attributes">Further attributes of the nodes of which the maps are read, such as p=1 for sums.</param>
    public static string Transpose(GradientNode node, string value, params (string Name, object Value)[] attributes)
    {
        var window = ConvWindow.Of(node);
        window.RequireSizes();
        var maps = Enumerable.Range(0, window.Rank).Select(axis => Map(node, window, axis, attributes));
        return AxisMatrix.Transpose(node, value, window.Output, maps);
    }

    // Creates the map of one axis from a pooling node of the same rank, whose other axes have one element and a window of one.
    private static AxisMatrix Map(GradientNode node, ConvWindow window, int axis, (string Name, object Value)[] attributes)
    {
        long[] Only(long value, int length = 0)
        {
            var values = Enumerable.Repeat(1L, Math.Max(length, window.Rank)).ToArray();
            values[axis + values.Length - window.Rank] = value;
            return values;
        }

        var single = Nodes.Create(node.Node.OpType, ["x"], ["y"]);
        foreach (var attribute in node.Node.Attribute.Where(attribute => attribute.Name is "ceil_mode" or "count_include_pad"))
            single.Attribute.Add(attribute.Clone());
        single.SetAttribute("kernel_shape", Only(window.Kernel[axis]));
        single.SetAttribute("strides", Only(window.Strides[axis]));
        single.SetAttribute("dilations", Only(window.Dilations[axis]));
        var pads = new long[2 * window.Rank];
        (pads[axis], pads[axis + window.Rank]) = (window.Pads[axis], window.Pads[axis + window.Rank]);
        single.SetAttribute("pads", pads);
        foreach (var (name, value) in attributes)
            single.SetAttribute(name, value);
        var shape = Only(window.Input[axis + 2], window.Rank + 2);
        shape[0] = window.Input[axis + 2];
        return AxisMatrix.Of(node, axis + 2, single, shape);
    }
}
