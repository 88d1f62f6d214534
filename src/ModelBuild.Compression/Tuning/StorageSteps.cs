using ModelBuild.Compression.Options;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Passes.Clustering;
using ModelBuild.Compression.Passes.Quantization.Blocks;
using ModelBuild.Compression.Passes.Quantization.Storage;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Tuning.Allocation;

namespace ModelBuild.Compression.Tuning;

/// <summary>
/// Writes an allocation of stored forms as steps. Each step skips the layers of the steps after it. Layers that an earlier step has stored are no weights in
/// float32 any more, so that they need not be named again.
/// </summary>
internal static class StorageSteps
{
    // The order of the steps that store weights. A codebook needs weights in float32, so its step comes first.
    private static readonly LayerCode[] Order = [LayerCode.Codebook16, LayerCode.Int4, LayerCode.Int8, LayerCode.Float16];

    /// <summary>The stored forms that steps give to layers, in the order of the steps.</summary>
    public static IReadOnlyList<LayerCode> Codes => Order;

    /// <summary>Returns the steps that store layers in the forms of an allocation.</summary>
    public static IReadOnlyList<RecipeStep> Of(LayerAllocation allocation) =>
        [
            .. Order
                .Select((code, i) => (Code: code, Others: Order.Skip(i + 1).Append(LayerCode.Float32).ToArray()))
                .Where(step => allocation.Layers(step.Code).Any())
                .Select(step => Step(step.Code, string.Join('|', allocation.Layers(step.Others).Select(QuotedText.Quote)))),
        ];

    /// <summary>Returns the step that stores all layers in a form, except the named ones.</summary>
    /// <param name="code">The form.</param>
    /// <param name="exclude">The patterns of the other layers.</param>
    public static RecipeStep Step(LayerCode code, string exclude) =>
        StepCatalog.Step(
            code switch
            {
                LayerCode.Codebook16 => new ClusterOptions(Exclude: exclude),
                LayerCode.Int4 => new Int4Options(Exclude: exclude),
                LayerCode.Int8 => new Int8WeightsOptions(Exclude: exclude),
                LayerCode.Float16 => new Float16WeightsOptions(exclude),
                _ => throw new ArgumentOutOfRangeException(nameof(code)),
            }
        );
}
