using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.Patterns;

/// <summary>Writes the axes of a node in the form that its opset requires: an attribute or an input.</summary>
internal static class AxesForm
{
    /// <summary>Returns a copy of a node that squeezes, unsqueezes or reduces other axes, in the form that its opset requires.</summary>
    public static NodeProto With(this Site site, NodeProto node, IEnumerable<long> axes, bool asInput)
    {
        var copy = node.Clone();
        copy.RemoveAttribute("axes");
        while (copy.Input.Count > 1)
            copy.Input.RemoveAt(1);
        long[] list = [.. axes];
        if (asInput)
            copy.Input.Add(site.Add($"{node.Output[0]}_axes", list));
        else
            copy.SetAttribute("axes", list);
        return copy;
    }
}
