using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.Fusion;

/// <summary>
/// Moves a <c>Pad</c> in front of pooling into the pads of the pooling node: with zeros before <c>AveragePool</c>, which then counts the padding; before
/// <c>MaxPool</c> with the lowest number, or with zeros if no element is negative.
/// </summary>
internal sealed class PadIntoPooling() : Pattern<SpatialPadding>("paddings folded into pooling", "AveragePool", "MaxPool")
{
    protected override SpatialPadding? Match(Site site)
    {
        var node = site.Node;
        if (
            SpatialPadding.Before(site) is not { } padding
            || node.GetString("auto_pad", "NOTSET") is not ("NOTSET" or "VALID")
            || node.GetInt("ceil_mode") != 0
            || node.GetInts("dilations")?.Any(size => size != 1) == true
            || node.GetInts("kernel_shape") is not { } kernel
            || !IsInside(padding.Total(node), kernel)
        )
            return null;
        return node.OpType == "AveragePool" ? Averages(site, padding) : Largest(site, padding);
    }

    protected override void Rewrite(Site site, SpatialPadding match)
    {
        var pooling = site.Node.Clone();
        if (pooling.OpType == "AveragePool")
            pooling.SetAttribute("count_include_pad", 1);
        match.MoveInto(site, pooling);
    }

    private static SpatialPadding? Averages(Site site, SpatialPadding padding) =>
        site.Opset >= 7 && padding.Value == 0 && (site.Node.GetInt("count_include_pad") == 1 || (site.Node.GetInts("pads") ?? []).All(size => size == 0))
            ? padding
            : null;

    private static SpatialPadding? Largest(Site site, SpatialPadding padding) =>
        site.Node.Output.Count == 1
        && (
            padding.Value is float.NegativeInfinity or float.MinValue
            || (padding.Value == 0 && site.Producer(padding.Pad.Input[0], "Relu", "Sigmoid", "Abs", "Softmax") is not null)
        )
            ? padding
            : null;

    // Returns whether the padding is smaller than the kernel. A window that contains only padding has no largest element, and ONNX Runtime refuses it.
    private static bool IsInside(long[] pads, long[] kernel) =>
        pads.Length == 2 * kernel.Length && pads.Index().All(size => size.Item < kernel[size.Index % kernel.Length]);
}
