using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Verification;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Support;

/// <summary>Compresses models in a test's folder, to <c>out/small.onnx</c>.</summary>
internal static class Compressing
{
    /// <summary>Returns a model of one matrix product with 16 kB of weights.</summary>
    public static Net Product() => new Net().Input("x", -1, 64).Weight("w", 64, 64).Node("MatMul", "x w", "y").Output("y", DataType.Float, -1, 64);

    /// <summary>Saves the model of one matrix product as a file of the folder.</summary>
    public static string SaveProduct(this TemporaryFolder folder) => Product().Save(folder.File("model.onnx"));

    public static CompressionRequest Request(this TemporaryFolder folder, string model, string recipe) =>
        new(model, Path.Combine(folder.Path, "out", "small.onnx")) { DisplayName = "model.onnx", Recipe = RecipeParser.Parse(recipe) };

    public static Receipt Compress(this TemporaryFolder folder, string model, string recipe = "auto", FidelityBudget? budget = null) =>
        folder.Compress(model, recipe, request => request with { Budget = budget ?? new FidelityBudget() });

    public static Receipt Compress(this TemporaryFolder folder, string model, string recipe, Func<CompressionRequest, CompressionRequest> change) =>
        Compressor.Compress(change(folder.Request(model, recipe)), cancellationToken: TestContext.Current.CancellationToken);
}
