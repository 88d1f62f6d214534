using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace ModelBuild.Text;

/// <summary>
/// Converts the tokens of a model that generates text to text, one by one. A character that consists of several tokens appears with the last of them, so that
/// no text ends within a character. Special tokens have no text. A stream is for one thread at a time.
/// </summary>
/// <param name="tokenizer">The tokenizer of the model.</param>
[SuppressMessage("Naming", "CA1711", Justification = "A stream is a series of calls with a state here, as in the runtime library.")]
public sealed class TokenTextStream(TextTokenizer tokenizer)
{
    private const char Replacement = '\uFFFD';
    private const int MaxPending = 64;

    private readonly List<int> _ids = [];
    private int _read;
    private string _context = "";

    /// <summary>Adds a token, and returns the text that it completes.</summary>
    /// <param name="id">The id of the token. An id outside of the vocabulary has no text.</param>
    /// <returns>The new text. It is empty while the last character is not complete.</returns>
    public string Add(int id)
    {
        if (tokenizer.IsSpecial(id))
            return "";
        _ids.Add(id);
        var text = Decode();
        var isIncomplete = text.EndsWith(Replacement) && _ids.Count - _read < MaxPending;
        return isIncomplete ? "" : Take(text);
    }

    /// <summary>Returns the text that is left after the last token. Bytes that are not a valid character become the replacement character U+FFFD.</summary>
    public string Flush()
    {
        var text = Take(Decode());
        _ids.Clear();
        (_read, _context) = (0, "");
        return text;
    }

    /// <summary>
    /// Returns the new part of a decoded text. The tokens of that part stay as the context of the next one, because they determine whether there is a space
    /// before a token.
    /// </summary>
    private string Take(string text)
    {
        var added = text.Length > _context.Length ? text[_context.Length..] : "";
        if (added.Length > 0)
            _ids.RemoveRange(0, _read);
        _read = _ids.Count;
        _context = Decode();
        return added;
    }

    private string Decode() => tokenizer.Decode(CollectionsMarshal.AsSpan(_ids));
}
