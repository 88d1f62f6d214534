using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.Fusion;

/// <summary>A <c>Pad</c> with one number on the spatial axes of an image, as the pads of <c>Conv</c> and pooling.</summary>
/// <param name="Pad">The node.</param>
/// <param name="Sizes">The begins of all spatial axes, then their ends.</param>
/// <param name="Value">The number that the node pads with.</param>
internal sealed record SpatialPadding(NodeProto Pad, long[] Sizes, float Value)
{
    /// <summary>Returns the padding in front of the site's node, if all readers of the padding are nodes of the same operator.</summary>
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
        // A Pad node is only merged if it does not pad the batch and the channels.
        return sizes[0] + sizes[1] + sizes[rank] + sizes[rank + 1] == 0 ? new SpatialPadding(pad, [.. sizes[2..rank], .. sizes[(rank + 2)..]], value) : null;
    }

    /// <summary>Returns the sum of this padding and the pads of a node.</summary>
    public long[] Total(NodeProto node) => node.GetInts("pads") is { Length: > 0 } own ? [.. Sizes.Zip(own, (a, b) => a + b)] : Sizes;

    /// <summary>Replaces the site's node by a copy that contains the padding.</summary>
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
