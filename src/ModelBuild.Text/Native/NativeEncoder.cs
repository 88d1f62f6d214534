using System.Runtime.InteropServices;
using ModelBuild.Text.Encodings;
using ModelBuild.Text.Files;
using NativeException = Tokenizers.DotNet.TokenizerException;
using NativeTokenizer = Tokenizers.DotNet.Tokenizer;

namespace ModelBuild.Text.Native;

/// <summary>Encodes and decodes with a tokenizer of Hugging Face's own native library, which the package Tokenizers.DotNet calls.</summary>
internal sealed class NativeEncoder : ITextEncoder
{
    private readonly NativeTokenizer _tokenizer;
    private readonly TokenBytes _bytes;
    private readonly string _file;
    private readonly int _count;

    /// <summary>Initializes a new instance of the <see cref="NativeEncoder"/> class, and loads the tokenizer into the native library.</summary>
    /// <param name="file">The name of the file for messages.</param>
    /// <param name="json">The content of a <c>tokenizer.json</c>.</param>
    /// <param name="document">The content of the same file as an object.</param>
    /// <param name="open">Opens the file of a tokenizer with the native library.</param>
    /// <exception cref="TokenizerException">The native library is missing, or it cannot load the file.</exception>
    public NativeEncoder(string file, byte[] json, TokenizerDocument document, Func<string, NativeTokenizer> open)
    {
        _file = file;
        _bytes = new TokenBytes(document);
        _count = document.Tokens.Length;
        var folder = Directory.CreateTempSubdirectory("modelbuild-text-").FullName;
        try
        {
            var path = Path.Combine(folder, "tokenizer.json");
            NativeFile.Write(path, file, json);
            _tokenizer = open(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            throw new TokenizerException(file, Missing(document.ModelType), e);
        }
        catch (NativeException e)
        {
            throw new TokenizerException(file, $"Hugging Face's library does not take the file: {e.Message}", e);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <inheritdoc />
    public int[] Encode(string text)
    {
        if (text.Length == 0)
            return [];
        try
        {
            return Array.ConvertAll(_tokenizer.Encode(text), id => (int)id);
        }
        catch (NativeException e)
        {
            throw new TokenizerException(_file, $"Hugging Face's library cannot encode the text: {e.Message}", e);
        }
    }

    /// <inheritdoc />
    public TextRange[] Locate(string text, ReadOnlySpan<int> ids)
    {
        var tokens = new byte[]?[ids.Length];
        for (var i = 0; i < ids.Length; i++)
            tokens[i] = _bytes.Get(ids[i]);
        return TokenAlignment.Align(text, tokens);
    }

    /// <inheritdoc />
    public string Decode(ReadOnlySpan<int> ids)
    {
        var known = new List<uint>(ids.Length);
        foreach (var id in ids)
            if ((uint)id < (uint)_count)
                known.Add((uint)id);
        if (known.Count == 0)
            return "";
        try
        {
            return _tokenizer.Decode([.. known]);
        }
        catch (NativeException e)
        {
            throw new TokenizerException(_file, $"Hugging Face's library cannot decode the ids: {e.Message}", e);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _tokenizer.Dispose();

    private static string Missing(string type)
    {
        var system =
            OperatingSystem.IsWindows() ? "win"
            : OperatingSystem.IsMacOS() ? "osx"
            : "linux";
        var architecture = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64";
        return $"A tokenizer of the kind {type} needs Hugging Face's native library: add the package Tokenizers.DotNet.runtime.{system}-{architecture} to the "
            + "application. It exists for win, linux and osx on x64 and arm64. WordPiece, the kind of BERT, needs no native library.";
    }
}
