using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Passes.Quantization.Blocks;
using ModelBuild.Compression.Passes.Quantization.Dynamic;
using ModelBuild.Compression.Passes.Quantization.Static;
using ModelBuild.Compression.Passes.Quantization.Storage;
using ModelBuild.Compression.Targets;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>The formats in which the layers of a seam, and the activation between them, will be quantized.</summary>
/// <param name="Settings">Returns the settings of a layer.</param>
/// <param name="Activations">The format in which activations are quantized.</param>
/// <param name="Outliers">The largest number of columns of an activation that stay in float32.</param>
internal sealed record SeamFormat(Func<NodeProto, LayerSettings> Settings, ActivationCodes Activations, int Outliers = 0)
{
    /// <summary>Returns the format of the recipe's next step that quantizes; the format of <c>int8</c> if there is none.</summary>
    /// <param name="following">The steps after <c>equalize</c>.</param>
    /// <param name="target">The target of the recipe.</param>
    public static SeamFormat Of(IEnumerable<RecipeStep> following, TargetProfile target)
    {
        SeamFormat Make(Int8Options options, ActivationCodes activations, int outliers = 0) => new(LayerSettings.Parse(options, target), activations, outliers);
        return following
                .Select(step =>
                    step.Options switch
                    {
                        Int8Options integers => Make(integers, ActivationCodes.Calibrated),
                        Int8DynamicOptions dynamic => Make(new Int8Options(PerChannel: dynamic.PerChannel), ActivationCodes.OfCall, dynamic.Outliers),
                        Int8WeightsOptions weights => Make(new Int8Options(PerChannel: weights.PerChannel), ActivationCodes.None),
                        Int4Options or Int8BlocksOptions => Make(new Int8Options(), ActivationCodes.None),
                        _ => null,
                    }
                )
                .FirstOrDefault(format => format is not null)
            ?? Make(new Int8Options(), ActivationCodes.Calibrated);
    }

    /// <summary>Returns how the input of a layer is quantized.</summary>
    public ActivationCodes CodesOf(NodeProto consumer) =>
        Settings(consumer).IsFloat || (Activations == ActivationCodes.OfCall && !WeightedOperator.IsLinearProduct(consumer))
            ? ActivationCodes.None
            : Activations;
}
