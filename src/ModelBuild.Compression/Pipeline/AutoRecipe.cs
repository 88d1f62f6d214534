using ModelBuild.Compression.Recipes;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Pipeline;

/// <summary>
/// The recipe <c>auto</c>: by static rules, per model. Dynamic int8 where matrix products or LSTMs dominate the work (it is faster there, and only there); elsewhere
/// static int8 where there is calibration data, and int8 storage where there is none. What the verification refuses falls back step by step, down to the original.
/// </summary>
internal static class AutoRecipe
{
    private const double DominantShare = 0.5;

    private static readonly string[] Storage = ["optimize int8-weights", "optimize float16-weights", "optimize"];

    private static readonly HashSet<string> QuantizedOperators =
    [
        "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "MatMulInteger", "ConvInteger", "QLinearConv", "QLinearMatMul", "QLinearAdd", "QLinearMul",
        "QLinearSigmoid", "QLinearLeakyRelu", "QLinearAveragePool", "QLinearGlobalAveragePool", "QLinearConcat", "QLinearSoftmax", "QLinearWhere", "QLinearReduceMean",
        "QGemm", "QAttention", "DynamicQuantizeMatMul", "DynamicQuantizeLSTM", "MatMulIntegerToFloat", "MatMulNBits", "GatherBlockQuantized", "QMoE",
    ];

    /// <summary>The recipes to try, best first.</summary>
    /// <param name="model">The original.</param>
    /// <param name="target">What the recipe is made for: only processors have fast kernels for dynamic quantization.</param>
    /// <param name="inputShapes">Sizes of the model's inputs, to count work with.</param>
    /// <param name="hasData">Whether the project gives real inputs, or statistics of them.</param>
    public static IReadOnlyList<Recipe> Candidates(OnnxModel model, string target, IReadOnlyDictionary<string, long[]> inputShapes, bool hasData)
    {
        if (IsQuantized(model))
            return Ladder("optimize");
        if (Targets.IsCpu(target) && LayerWork.DynamicShare(model, inputShapes) >= DominantShare)
            return Ladder(["optimize int8-dynamic int8-weights", .. Storage]);
        return hasData ? Ladder(["optimize int8", .. Storage]) : Ladder(Storage);
    }

    /// <summary>Whether the model has integer arithmetic already: QDQ, QOperator, or integer operators.</summary>
    public static bool IsQuantized(OnnxModel model) =>
        new Graph(model).SelfAndSubgraphs().Any(scope => scope.Nodes.Any(node => QuantizedOperators.Contains(node.OpType)));

    private static Recipe[] Ladder(params string[] recipes) => [.. recipes.Select(RecipeParser.Parse)];
}
