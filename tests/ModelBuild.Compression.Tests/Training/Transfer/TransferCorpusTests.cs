using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Training.Transfer;

/// <summary>Tests that a classifier of clothes becomes a classifier of digits.</summary>
[Trait("Speed", "Slow")]
public sealed class TransferCorpusTests : IDisposable
{
    private const int Images = 200;
    private const int Pixels = 28 * 28;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Two_hundred_digits_are_enough_for_most()
    {
        var model = Corpus.Path("litenet/fashion-resnet.onnx");
        var request = _folder.Request(model, "transfer(classes=10)") with
        {
            TrainingData = [First(Corpus.Path("litenet/mnist-train.npz"), SignatureReader.Read(OnnxModel.Load(model)))],
            CalibrationData = [Corpus.Path("litenet/mnist-test.npz")],
            Train = true,
        };

        var receipt = Compressor.Compress(request, null, TestContext.Current.CancellationToken);

        // The accuracy is 90.5 % on an x64 processor with AVX2. Other processors round differently, and the result varies with so few images.
        Assert.InRange(Assert.Single(receipt.Fidelity).Accuracy!.After, 0.87, 1);
    }

    public void Dispose() => _folder.Dispose();

    private string First(string path, ModelSignature signature)
    {
        var (images, labels) = (new List<float>(), new List<long>());
        foreach (var sample in new CalibrationFiles([path], signature).Read(TestContext.Current.CancellationToken))
        {
            images.AddRange(sample.Inputs["image"].Floats);
            labels.AddRange(sample.Labels!);
            if (labels.Count >= Images)
                break;
        }

        return Numpy.Npz(
            _folder.File("digits.npz"),
            ("image", Numpy.Array([Images, 1, 28, 28], [.. images.Take(Images * Pixels)])),
            ("label", Numpy.Array([Images], [.. labels.Take(Images)]))
        );
    }
}
