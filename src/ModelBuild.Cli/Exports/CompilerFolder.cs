using System.Globalization;
using ModelBuild.Compression.Compilers;
using ModelBuild.Compression.Compilers.Checks;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Onnx;

namespace ModelBuild.Cli.Exports;

/// <summary>Represents a folder with a model for a compiler and the script that compiles it.</summary>
/// <param name="path">The path of the folder.</param>
internal sealed class CompilerFolder(string path)
{
    private const string ModelFile = "model.onnx";
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Exports a model and writes it to the folder. Nothing is written when the compiler does not take the model.</summary>
    /// <param name="compiler">The compiler.</param>
    /// <param name="precision">The precision of the result.</param>
    /// <param name="model">The path of the model.</param>
    /// <param name="shapes">The shapes of inputs by name.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <returns>A line that describes the written files.</returns>
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
        var file = Path.Combine(path, ModelFile);
        if (string.Equals(Resolved(model), Resolved(file), NameComparison))
            throw new CompressionException(Codes.UnknownOption, "The export would replace the model. Give another folder with --output.");
        var exported = new CompilerExport(compiler, precision).Run(OnnxModel.Load(model, cancellationToken: cancellationToken), shapes, cancellationToken);
        var script = CompileScript.Of(compiler, ModelFile);
        var scriptPath = Path.Combine(path, script.Name);
        Directory.CreateDirectory(path);
        exported.Model.Save(file, cancellationToken: cancellationToken);
        WriteScript(scriptPath, script.Text);
        foreach (var other in CompileScript.Names.Where(name => name != script.Name))
            File.Delete(Path.Combine(path, other));
        string[] facts = [exported.Difference.ToString(), Shapes(exported.Model), .. exported.Changes];
        return $"{file}: {string.Join(", ", facts)}; {scriptPath} compiles it";
    }

    // Gets the comparison of file names, because file systems of Windows and macOS ignore their case by default.
    private static StringComparison NameComparison =>
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    private static string Shapes(OnnxModel model) =>
        string.Join(
            ", ",
            model.Proto.Graph.Input.Select(input =>
                $"{input.Name}=[{string.Join(',', input.Type.TensorType.Shape.Dim.Select(size => size.DimValue.ToString(CultureInfo.InvariantCulture)))}]"
            )
        );

    // Returns a path in which symbolic links are resolved.
    private static string Resolved(string path)
    {
        var full = Path.GetFullPath(path);
        if (Path.GetDirectoryName(full) is not { } parent)
            return full;
        var here = Path.Combine(Resolved(parent), Path.GetFileName(full));
        var info = new FileInfo(here);
        return info.LinkTarget is null ? here : info.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? here;
    }

    // Writes the script to a temporary file first, so that an existing script stays complete until the new one is complete.
    private static void WriteScript(string file, string text)
    {
        var temporary = $"{file}.{Path.GetRandomFileName()}";
        try
        {
            File.WriteAllText(temporary, text);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(temporary, File.GetUnixFileMode(temporary) | Executable);
            File.Move(temporary, file, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
