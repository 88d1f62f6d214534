using System.ComponentModel;
using System.IO.Compression;
using ModelBuild.Runtime;

namespace ModelBuild.Text;

/// <summary>Represents the tokenizer that the build deploys with a model: an archive of its files beside the model. Generated code uses this class.</summary>
/// <param name="location">The place of the model.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class DeployedTokenizer(ModelLocation location)
{
    private const string Extension = ".tokenizer";

    // If loading fails, the exception is not stored, so that a later access succeeds once its cause is removed.
    private readonly object _lock = new();
    private volatile TextTokenizer? _value;

    /// <summary>Gets the tokenizer, which is loaded at the first access.</summary>
    /// <exception cref="FileNotFoundException">The archive does not exist at the path to which the build writes it.</exception>
    /// <exception cref="TokenizerException">A file of the archive is damaged, or the native library that it needs is missing.</exception>
    public TextTokenizer Value
    {
        get
        {
            if (_value is { } loaded)
                return loaded;
            lock (_lock)
                return _value ??= Load();
        }
    }

    private TextTokenizer Load()
    {
        using var stream = location.OpenBeside(Extension);
        try
        {
            using var archive = new ZipArchive(stream);
            return TextTokenizer.Load(archive.Entries.ToDictionary(entry => entry.FullName, Content));
        }
        catch (InvalidDataException e)
        {
            throw new TokenizerException(Path.ChangeExtension(location.Path!, Extension), $"The archive is broken: {e.Message} Build the project again.", e);
        }
    }

    private static Func<Stream> Content(ZipArchiveEntry entry) => entry.Open;
}
