using System.Buffers;
using ModelBuild.Text.Files;

namespace ModelBuild.Text.WordPiece;

/// <summary>Finds the first added token, such as <c>[SEP]</c>, in a text. If several tokens start at the same position, the longest is found.</summary>
internal sealed class AddedTokens
{
    private readonly Dictionary<char, AddedToken[]> _byFirst;
    private readonly SearchValues<char> _first;

    public AddedTokens(IEnumerable<AddedToken> tokens)
    {
        _byFirst = tokens
            .GroupBy(token => token.Content[0])
            .ToDictionary(group => group.Key, group => group.OrderByDescending(token => token.Content.Length).ToArray());
        _first = SearchValues.Create([.. _byFirst.Keys]);
    }

    /// <summary>Finds the first added token at or after <paramref name="start"/>. Returns null if there is none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">The index at which the search starts.</param>
    /// <param name="range">The part of the text that the token stands for.</param>
    public AddedToken? Find(string text, int start, out TextSlice range)
    {
        for (var at = start; at < text.Length; at++)
        {
            var next = text.AsSpan(at).IndexOfAny(_first);
            if (next < 0)
                break;
            at += next;
            foreach (var token in _byFirst[text[at]])
            {
                if (!text.AsSpan(at).StartsWith(token.Content, StringComparison.Ordinal))
                    continue;
                var (from, to) = (at, at + token.Content.Length);
                while (token.StripsLeft && from > start && char.IsWhiteSpace(text[from - 1]))
                    from--;
                while (token.StripsRight && to < text.Length && char.IsWhiteSpace(text[to]))
                    to++;
                range = new TextSlice(from, to);
                return token;
            }
        }

        range = default;
        return null;
    }
}
