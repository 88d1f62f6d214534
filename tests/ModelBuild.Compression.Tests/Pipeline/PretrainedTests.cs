using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using ModelBuild.RealData.Images;
using ModelBuild.Testing;
using ModelBuild.Testing.Pretrained;

namespace ModelBuild.Compression.Tests.Pipeline;

public sealed class PretrainedTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_packages_hold_the_models_that_tests_are_written_for()
    {
        var (miniLm, words) = (PretrainedModels.Need(PretrainedModels.MiniLm), PretrainedModels.Need(PretrainedModels.MiniLmVocabulary));

        Assert.Equal(90_893_304, new FileInfo(miniLm).Length);
        Assert.Equal(30_522, File.ReadLines(words).Count());
        Assert.Equal(["attention_mask", "input_ids", "token_type_ids"], Inputs(miniLm).Order(StringComparer.Ordinal));
        Assert.Equal(miniLm, PretrainedModels.MiniLm);
    }

    [Fact]
    public void ResNet_18_has_the_input_that_images_are_prepared_for()
    {
        var file = PretrainedModels.Need(PretrainedModels.ResNet18);

        Assert.Equal(63_653_533, new FileInfo(file).Length);
        Assert.Equal([ImageModel.ResNet18.Input.Name], Inputs(file));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void Sentences_keep_their_outputs_in_int8_weights()
    {
        var verification = Compress(PretrainedModels.Need(PretrainedModels.MiniLm), Corpus.Path("minilm/sentences-calibration.npz"), out var fidelity);

        Assert.Equal((128L, 128L), (verification.Judged, verification.Samples));
        Assert.InRange(Assert.NotNull(fidelity.SqnrDb), 25, 60);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void Images_keep_their_features_in_int8_weights()
    {
        var file = PretrainedModels.Need(PretrainedModels.ResNet18);
        Corpus.Path(ImageModel.ResNet18.Folder);
        var data = _folder.File("images.npz");
        (ImageModel.ResNet18 with { Count = 8 }).Save(data, isTest: true);

        Assert.Equal(8, Compress(file, data, out var fidelity).Samples);
        Assert.InRange(Assert.NotNull(fidelity.SqnrDb), 25, 60);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void Images_for_calibration_and_for_tests_are_different_and_the_same_in_each_run()
    {
        Corpus.Path(ImageModel.ResNet18.Folder);
        var (calibration, test) = (ImageSet.Calibration(ImageModel.ResNet18.Folder), ImageSet.Test(ImageModel.ResNet18.Folder));

        Assert.Equal((8, 4), (calibration.Count, test.Count));
        Assert.Empty(calibration.Intersect(test));
        var crops = ImageSet.Crops(test, ImageModel.ResNet18.Input, 6).ToArray();
        Assert.Equal(crops, ImageSet.Crops(test, ImageModel.ResNet18.Input, 6));
        Assert.Equal(crops.Length, crops.Select(crop => crop.Sum()).Distinct().Count());
        Assert.All(crops, crop => Assert.True(crop.Max() > 0 && crop.Min() < 0));
        Assert.All(crops.SelectMany(crop => crop), value => Assert.InRange(value, -124, 256));
    }

    [Fact]
    public void A_resource_that_is_not_there_is_named()
    {
        var library = typeof(PretrainedTests).Assembly.Location;

        Assert.Contains(
            "nothing.onnx",
            Assert.Throws<InvalidDataException>(() => EmbeddedResource.Extract(library, "nothing.onnx")).Message,
            StringComparison.Ordinal
        );
    }

    private static IEnumerable<string> Inputs(string file) =>
        SignatureReader.Read(OnnxModel.Load(file, new OnnxLoadOptions { SkipWeights = true })).Inputs.Select(input => input.Name);

    private VerificationFacts Compress(string model, string data, out FidelityFacts worst)
    {
        var receipt = _folder.Compress(model, "int8-weights", request => request with { CalibrationData = [data], Budget = new(MinSqnr: 20) });
        worst = FidelityFacts.Worst(receipt.Fidelity)!;
        return receipt.Verification!;
    }
}
