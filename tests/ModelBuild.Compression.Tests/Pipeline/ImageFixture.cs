using ModelBuild.RealData.Images;
using ModelBuild.Testing;
using ModelBuild.Testing.Pretrained;

namespace ModelBuild.Compression.Tests.Pipeline;

/// <summary>ResNet-18 with photographs, for all tests of a class.</summary>
public sealed class ImageFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private JudgedModel? _model;

    internal JudgedModel Model => _model ??= Create();

    public void Dispose() => _folder.Dispose();

    private JudgedModel Create()
    {
        var file = PretrainedModels.Need(PretrainedModels.ResNet18);
        Corpus.Path(ImageModel.ResNet18.Folder);
        var (calibration, test) = (_folder.File("calibration.npz"), _folder.File("test.npz"));
        (ImageModel.ResNet18 with { Count = 24 }).Save(calibration, isTest: false);
        (ImageModel.ResNet18 with { Count = 8 }).Save(test, isTest: true);
        return new JudgedModel(file, calibration, test);
    }
}
