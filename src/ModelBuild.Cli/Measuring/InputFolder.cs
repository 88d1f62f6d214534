using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Profiling;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Cli.Measuring;

/// <summary>Represents a temporary folder with inputs for child processes that measure models.</summary>
internal sealed class InputFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("modelbuild-inputs-");

    /// <summary>Writes the inputs of a model to a new temporary folder.</summary>
    public InputFolder(string model, TimedInputs inputs)
    {
        var signature = SignatureReader.Read(OnnxModel.Load(model, new OnnxLoadOptions { SkipWeights = true }));
        Paths = SampleFiles.Write(inputs.Samples, signature, _folder.FullName);
    }

    /// <summary>Gets the paths of the files.</summary>
    public IReadOnlyList<string> Paths { get; }

    public void Dispose() => _folder.Delete(recursive: true);
}
