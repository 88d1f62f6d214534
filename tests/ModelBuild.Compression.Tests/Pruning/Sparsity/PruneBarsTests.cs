using System.Globalization;
using ModelBuild.Compression.Tests.Quantization.Static;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Pruning.Sparsity;

/// <summary>Tests the largest loss of accuracy by pruning on real models. The loss is measured on held-out data.</summary>
[Trait("Speed", "Slow")]
public sealed class PruneBarsTests(ITestOutputHelper output)
{
    // On fashion-resnet, a sparsity of 60 % may cost no more than one of 50 %.
    [Theory]
    [InlineData("litenet-conv", "0.5", 49, 0.003, 25)]
    [InlineData("litenet-conv", "0.6", 59, 0.007, 21.5)]
    [InlineData("litenet-fc", "0.5", 50, 0.003, 27.5)]
    [InlineData("litenet-fc", "0.6", 60, 0.007, 24)]
    [InlineData("fashion-mobilenet", "0.5", 45, 0.016, 18)]
    [InlineData("fashion-resnet", "0.6", 60, 0.003, 24)]
    public void Weights_go_and_answers_stay(string name, string sparsity, int percent, double loss, double sqnr)
    {
        var litenet = new Litenet(name);
        var (model, report) = litenet.Compress($"prune({sparsity})");
        var solved = litenet.Compare(model);
        var magnitude = litenet.Compare(litenet.Compress($"prune({sparsity}, magnitude)").Model);
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name} {sparsity}: {solved.SqnrDb:0.0} dB, {solved.Accuracy!.Before:P2} to {solved.Accuracy.After:P2}; "
                    + $"by magnitude {magnitude.SqnrDb:0.0} dB, {magnitude.Accuracy!.After:P2}"
            )
        );

        Assert.Equal(percent, report.Changes["percent of the weights of all layers are zero"]);
        Assert.InRange(solved.Accuracy.Loss, -0.01, loss);
        Assert.InRange(solved.SqnrDb, sqnr, 40);
        Assert.InRange(magnitude.SqnrDb, 0, solved.SqnrDb - 10);
        Assert.InRange(magnitude.Accuracy.Loss, solved.Accuracy.Loss + 0.002, 1);
    }

    [Fact]
    public void Zeros_outlive_int8_and_the_solvers_behind_it()
    {
        var litenet = new Litenet("litenet-conv");
        var (model, _) = litenet.Compress("prune(0.5) int8(min-max, everywhere=true) least-squares gptq coordinate-descent");
        var fidelity = litenet.Compare(model);
        var codes = model.Proto.Graph.Initializer.Where(tensor => tensor.DataType == (int)TensorProto.Types.DataType.Int8 && tensor.Dims.Count > 1).ToArray();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{fidelity.SqnrDb:0.0} dB, {fidelity.Accuracy!.After:P2}"));

        Assert.Equal(21_750, codes.Sum(tensor => tensor.ElementCount()));
        Assert.InRange(codes.Sum(tensor => tensor.Span<sbyte>().Count((sbyte)0)), 21_500 / 2, 21_750 * 6 / 10);
        Assert.InRange(fidelity.SqnrDb, 24, 40);
        Assert.InRange(fidelity.Accuracy.Loss, -0.01, 0.004);
    }
}
