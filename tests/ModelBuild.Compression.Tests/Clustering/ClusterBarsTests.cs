using System.Globalization;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Tests.Quantization.Static;
using ModelBuild.Compression.Verification;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Clustering;

/// <summary>Tests the largest loss of accuracy by weight sharing on real models. The loss is measured on held-out data.</summary>
[Trait("Speed", "Slow")]
public sealed class ClusterBarsTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("litenet-conv", 0.003, 31, 0.16, 0.32)]
    [InlineData("litenet-fc", 0.004, 29, 0.13, 0.26)]
    [InlineData("fashion-mobilenet", 0.005, 22.5, 0.24, 0.46)]
    [InlineData("fashion-resnet", 0.003, 34, 0.16, 0.3)]
    public void Weights_share_values_and_answers_stay(string name, double loss, double sqnr, double size, double sizeOf256)
    {
        var litenet = new Litenet(name);

        var (few, bytes) = Cluster(litenet, name, "cluster(16)");
        Assert.InRange(few.Accuracy!.Loss, -0.01, loss);
        Assert.InRange(few.SqnrDb, sqnr, 60);
        Assert.InRange(bytes, 0.12, size);
        Assert.InRange(litenet.Sqnr("cluster(16, method=k-means)"), 5, few.SqnrDb - 3);

        // 256 shared values keep the accuracy without calibration data.
        var (many, bytesOf256) = Cluster(litenet, name, "cluster(256, method=k-means)");
        Assert.InRange(many.Accuracy!.Loss, -0.01, 0.001);
        Assert.InRange(many.SqnrDb, 40, 80);
        Assert.InRange(bytesOf256, 0.24, sizeOf256);
    }

    [Theory]
    [InlineData("litenet-fc", "prune-channels(0.4) low-rank(0.3) cluster(16, bits=2)", 55)]
    [InlineData("litenet-conv", "prune-channels(0.5, of=parameters) cluster(8, bits=1.6)", 20)]
    public void Chains_make_models_small_when_zipped(string name, string recipe, double times)
    {
        using var folder = new TemporaryFolder();
        var litenet = new Litenet(name);

        var model = litenet.Compress(recipe).Model;
        model.Save(folder.File("model.onnx"));
        var zipped =
            (double)ZippedSize.Of([Corpus.Path($"litenet/{name}.onnx")], CancellationToken.None)
            / ZippedSize.Of([folder.File("model.onnx")], CancellationToken.None);
        var fidelity = litenet.Compare(model);
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{recipe}: {fidelity.SqnrDb:0.0} dB, {fidelity.Accuracy!.Before:P2} to {fidelity.Accuracy.After:P2}, {zipped:0.0} times smaller"
            )
        );

        Assert.InRange(zipped, times, 100);
        Assert.InRange(fidelity.Accuracy!.Loss, -0.01, 0.01);
    }

    private (OutputFidelity Fidelity, double Bytes) Cluster(Litenet litenet, string name, string recipe)
    {
        var model = litenet.Compress(recipe).Model;
        var fidelity = litenet.Compare(model);
        var bytes = (double)model.ToBytes().Length / new FileInfo(Corpus.Path($"litenet/{name}.onnx")).Length;
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{recipe}: {fidelity.SqnrDb:0.0} dB, {fidelity.Accuracy!.Before:P2} to {fidelity.Accuracy.After:P2}, {bytes:0.000} of the bytes"
            )
        );
        return (fidelity, bytes);
    }
}
