using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.Fusion;

/// <summary>A <c>Pad</c> with one number on the sides of an image, as <c>Conv</c> and pooling pad.</summary>
/// <param name="Pad">The node.</param>
/// <param name="Sizes">Begins of all spatial axes, then ends.</param>
/// <param name="Value">What it pads with.</param>
internal sealed record SpatialPadding(NodeProto Pad, long[] Sizes, float Value)
{
    /// <summary>The padding in front of the site's node, where only its like reads it.</summary>
    public static SpatialPadding? Before(Site site)
    {
        if (
            site.SharedProducer(site.Node.Input[0], "Pad") is not { } pad
            || pad.GetString("mode", "constant") != "constant"
            || pad.InputAt(3).Length > 0
            || site.Integers(pad, 1, "pads") is not { Length: >= 6 } sizes
            || sizes.Any(size => size < 0)
            || Number(site, pad) is not { } value
        )
            return null;
        var rank = sizes.Length / 2;
        // Neither the batch nor the channels.
        return sizes[0] + sizes[1] + sizes[rank] + sizes[rank + 1] == 0 ? new SpatialPadding(pad, [.. sizes[2..rank], .. sizes[(rank + 2)..]], value) : null;
    }

    /// <summary>This padding and a node's own together.</summary>
    public long[] Total(NodeProto node) => node.GetInts("pads") is { Length: > 0 } own ? [.. Sizes.Zip(own, (a, b) => a + b)] : Sizes;

    /// <summary>Puts a copy of the site's node in its place that does the padding.</summary>
    public void MoveInto(Site site, NodeProto copy)
    {
        copy.RemoveAttribute("auto_pad");
        copy.SetAttribute("pads", Total(site.Node));
        copy.Input[0] = Pad.Input[0];
        site.Scope.Replace(site.Node, copy);
    }

    private static float? Number(Site site, NodeProto pad)
    {
        if (pad.InputAt(2).Length == 0)
            return pad.GetFloat("value");
        return LinearLayer.Float(site, pad.Input[2]) is { } tensor && tensor.ElementCount() == 1 ? tensor.ToFloats()[0] : null;
    }
}
