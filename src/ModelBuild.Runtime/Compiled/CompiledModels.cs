using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Sources;

namespace ModelBuild.Runtime.Compiled;

/// <summary>
/// Manages the compiled models in a folder. They are created at the first start and loaded at later starts. After any failure the original model is loaded
/// instead, and a text file in the folder contains the reason.
/// </summary>
/// <param name="folder">The folder.</param>
/// <param name="name">The name of the model, for a model without a file.</param>
/// <param name="compile">Compiles a model.</param>
internal sealed class CompiledModels(string folder, string name, ModelCompiler compile)
{
    /// <summary>Returns the absolute path of the folder; a relative path is resolved against the folder of the model.</summary>
    public static string Folder(string cache, ModelSource source) =>
        Path.GetFullPath(cache, source.Path is { } path ? Path.GetDirectoryName(path)! : AppContext.BaseDirectory);

    /// <summary>
    /// Opens the compiled model. It is compiled first when the entry is missing, damaged or rejected by ONNX Runtime. The result is null when this fails.
    /// </summary>
    public InferenceSession? Open(ModelSource source, ModelProvider provider, SessionOptions options)
    {
        string? reasonFile = null;
        try
        {
            var key = CompiledKey.Of(source, provider, source.Path is null ? name + ".onnx" : Path.GetRelativePath(folder, source.Path));
            var entry = new CompiledEntry(Path.Combine(folder, key.Name));
            reasonFile = Path.Combine(folder, key.Kind + ".failed.txt");
            if (entry.Exists)
            {
                if (entry.IsComplete && TryLoad(entry, options, out _) is { } kept)
                    return kept;
                entry.Discard();
            }

            Directory.CreateDirectory(folder);
            entry.Create(path => compile(source, options, path));
            RemoveOthers(key);
            var created = TryLoad(entry, options, out var reason);
            WriteReason(reasonFile, reason);
            if (created is null)
                entry.Discard();
            return created;
        }
        catch (Exception exception)
            when (exception
                    is OnnxRuntimeException
                        or IOException
                        or UnauthorizedAccessException
                        or MissingMethodException
                        or TypeLoadException
                        or EntryPointNotFoundException
                        or NotSupportedException
            )
        {
            WriteReason(reasonFile, exception.Message);
            return null;
        }
    }

    private static InferenceSession? TryLoad(CompiledEntry entry, SessionOptions options, out string? reason)
    {
        try
        {
            reason = null;
            return new InferenceSession(entry.ModelPath, options);
        }
        catch (OnnxRuntimeException exception)
        {
            // The compiled model cannot be loaded, for example because it was compiled for another device or driver.
            reason = exception.Message;
            return null;
        }
    }

    /// <summary>Deletes entries of an earlier model, driver or ONNX Runtime.</summary>
    private void RemoveOthers(CompiledKey key)
    {
        foreach (var other in Directory.EnumerateDirectories(folder, key.Kind + ".*").Where(other => Path.GetFileName(other) != key.Name))
            new CompiledEntry(other).Discard();
    }

    private static void WriteReason(string? file, string? reason)
    {
        try
        {
            if (reason is not null && file is not null)
                File.WriteAllText(file, reason + Environment.NewLine);
            else if (file is not null)
                File.Delete(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // If the folder is not writable, the reason of the failure is not written.
        }
    }
}
