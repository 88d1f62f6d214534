using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.Fusion;

/// <summary>Moves a <c>Pad</c> with zeros in front of a <c>Conv</c> into the pads of the convolution.</summary>
internal sealed class PadIntoConvolution() : Pattern<SpatialPadding>("paddings folded into convolutions", "Conv")
{
    protected override SpatialPadding? Match(Site site) =>
        SpatialPadding.Before(site) is { Value: 0 } padding && site.Node.GetString("auto_pad", "NOTSET") is "NOTSET" or "VALID" ? padding : null;

    protected override void Rewrite(Site site, SpatialPadding match) => match.MoveInto(site, site.Node.Clone());
}
