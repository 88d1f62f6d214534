using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.Fusion;

/// <summary>
/// Folds an inference-mode <c>BatchNormalization</c> into the <c>Conv</c>, <c>ConvTranspose</c> or <c>Gemm</c> in front of it:
/// y = (x − mean) · s + B with s = scale / √(var + ε) (Ioffe and Szegedy 2015, section 3.1; ONNX BatchNormalization).
/// </summary>
internal sealed class BatchNormalizationFusion() : AffineFusion("batch normalizations folded", "BatchNormalization")
{
    private const double DefaultEpsilon = 1e-5;

    protected override AffineMatch? Match(Site site)
    {
        var node = site.Node;
        if (
            node.Input.Count < 5
            || node.Output.Skip(1).Any(value => value.Length > 0)
            || node.GetInt("training_mode", 0) != 0
            || LinearLayer.Behind(site, node.Input[0]) is not { } layer
            || layer.Operator.BiasInput is null
            || !layer.CanScale(site)
        )
            return null;
        var statistics = new float[4][];
        for (var i = 0; i < 4; i++)
        {
            if (LinearLayer.Float(site, node.Input[i + 1]) is not { } tensor || tensor.ElementCount() != layer.Channels)
                return null;
            statistics[i] = tensor.ToFloats();
        }

        var epsilon = node.GetFloat("epsilon", (float)DefaultEpsilon);
        var scale = new double[layer.Channels];
        var shift = new double[layer.Channels];
        for (var c = 0; c < layer.Channels; c++)
        {
            scale[c] = statistics[0][c] / Math.Sqrt(statistics[3][c] + (double)epsilon);
            shift[c] = statistics[1][c] - statistics[2][c] * scale[c];
        }

        return scale.All(double.IsFinite) && shift.All(double.IsFinite) ? new AffineMatch(layer, null, scale, shift) : null;
    }
}
