using System.Globalization;
using System.Text;
using ModelBuild.Text.Files;

namespace ModelBuild.Text.Native;

/// <summary>Provides the bytes of text that each token stands for.</summary>
internal sealed class TokenBytes
{
    private readonly TokenizerDocument _document;
    private readonly HashSet<int> _added;

    public TokenBytes(TokenizerDocument document)
    {
        _document = document;
        _added = [.. document.Added.Select(token => token.Id)];
    }

    /// <summary>Returns the bytes of text that a token stands for. Returns null if the token stands for unknown text.</summary>
    public byte[]? Get(int id)
    {
        if ((uint)id >= (uint)_document.Tokens.Length || _document.Tokens[id] is not { } token || token == _document.UnknownToken)
            return null;
        if (_added.Contains(id))
            return Encoding.UTF8.GetBytes(token);
        if (_document.IsByteLevel)
            return [.. token.Select(ByteAlphabet.ByteOf).Where(value => value >= 0).Select(value => (byte)value)];
        return
            token is ['<', '0', 'x', var high, var low, '>'] && byte.TryParse([high, low], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var single)
            ? [single]
            : Encoding.UTF8.GetBytes(token.Replace('▁', ' '));
    }
}
