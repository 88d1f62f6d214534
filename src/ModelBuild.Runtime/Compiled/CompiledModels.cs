using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Sources;

namespace ModelBuild.Runtime.Compiled;

/// <summary>
/// Compiled models in a folder, made at the first start and loaded at the next ones. Whatever goes wrong, the portable model is there
/// to be loaded instead, and the reason stands in the folder.
/// </summary>
/// <param name="folder">The folder.</param>
/// <param name="name">The model's name, for one that has no file.</param>
/// <param name="compile">The provider's compiler.</param>
internal sealed class CompiledModels(string folder, string name, ModelCompiler compile)
{
    /// <summary>The folder that options name, as seen from the model.</summary>
    public static string Folder(string cache, ModelSource source) =>
        Path.GetFullPath(cache, source.Path is { } path ? Path.GetDirectoryName(path)! : AppContext.BaseDirectory);

    /// <summary>Opens the compiled model, which is made first when it is missing, damaged or refused; null when that does not work.</summary>
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
                if (entry.IsWhole && TryLoad(entry, options, out _) is { } kept)
                    return kept;
                entry.Discard();
            }

            Directory.CreateDirectory(folder);
            entry.Make(path => compile(source, options, path));
            RemoveOthers(key);
            var made = TryLoad(entry, options, out var reason);
            Tell(reasonFile, reason);
            if (made is null)
                entry.Discard();
            return made;
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
            Tell(reasonFile, exception.Message);
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
            // Made for another device or driver, for example.
            reason = exception.Message;
            return null;
        }
    }

    /// <summary>Entries of an older model, driver or ONNX Runtime are of no use any more.</summary>
    private void RemoveOthers(CompiledKey key)
    {
        foreach (var other in Directory.EnumerateDirectories(folder, key.Kind + ".*").Where(other => Path.GetFileName(other) != key.Name))
            new CompiledEntry(other).Discard();
    }

    private static void Tell(string? file, string? reason)
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
            // A folder that cannot be written says enough.
        }
    }
}
