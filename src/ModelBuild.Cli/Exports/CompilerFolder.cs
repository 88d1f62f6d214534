using ModelBuild.Compression.Compilers;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Onnx;

namespace ModelBuild.Cli.Exports;

/// <summary>A folder with a model for a compiler and the script that compiles it.</summary>
/// <param name="path">The path of the folder.</param>
internal sealed class CompilerFolder(string path)
{
    private const string ModelFile = "model.onnx";
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Exports a model and writes it. Nothing is written when the compiler does not take the model.</summary>
    /// <param name="compiler">The compiler.</param>
    /// <param name="precision">The precision of the result.</param>
    /// <param name="model">The path of the model.</param>
    /// <param name="shapes">The shapes of inputs by name.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <returns>A line about what was written.</returns>
    /// <exception cref="OnnxException">The model cannot be read.</exception>
    /// <exception cref="CompressionException">
    /// MB1005: the compiler does not take the model, or the export would replace it; MB1009: the result would compute something else.
    /// </exception>
    public string Write(
        Compiler compiler,
        ExportPrecision precision,
        string model,
        IReadOnlyDictionary<string, long[]> shapes,
        CancellationToken cancellationToken
    )
    {
        if (Path.GetFullPath(model) == Path.GetFullPath(Path.Combine(path, ModelFile)))
            throw new CompressionException(Codes.UnknownOption, "The export would replace the model. Give another folder with --output.");
        var exported = new CompilerExport(compiler, precision).Run(OnnxModel.Load(model, cancellationToken: cancellationToken), shapes, cancellationToken);
        Directory.CreateDirectory(path);
        exported.Model.Save(Path.Combine(path, ModelFile), cancellationToken: cancellationToken);
        var script = CompileScript.Of(compiler, ModelFile);
        var scriptPath = Path.Combine(path, script.Name);
        File.WriteAllText(scriptPath, script.Text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(scriptPath, File.GetUnixFileMode(scriptPath) | Executable);
        return $"{Path.Combine(path, ModelFile)}: {string.Join(", ", [exported.Difference.ToString(), .. exported.Changes])}; {scriptPath} compiles it";
    }
}
