using ModelBuild.RealData.Images;
using ModelBuild.Testing;
using ModelBuild.Testing.Pretrained;

namespace ModelBuild.Compression.Tests.Pipeline;

/// <summary>ResNet-18 with photographs, for all tests of a class.</summary>
public sealed class ImageFixture : IDisposable
{
    private const int Judged = 8;

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<int, JudgedModel> _models = [];

    public void Dispose() => _folder.Dispose();

    /// <summary>Returns the model with the given number of photographs that recipes are fitted to.</summary>
    internal JudgedModel Model(int fit) => _models.TryGetValue(fit, out var known) ? known : _models[fit] = Create(fit);

    private JudgedModel Create(int fit)
    {
        var file = PretrainedModels.Need(PretrainedModels.ResNet18);
        Corpus.Path(ImageModel.ResNet18.Folder);
        var (calibration, test) = (_folder.File("calibration.npz"), _folder.File("test.npz"));
        (ImageModel.ResNet18 with { Count = fit }).Save(calibration, isTest: false);
        (ImageModel.ResNet18 with { Count = Judged }).Save(test, isTest: true);
        return new JudgedModel(file, calibration, test, fit, Judged);
    }
}
