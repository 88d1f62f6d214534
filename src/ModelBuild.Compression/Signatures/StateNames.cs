using System.Text.RegularExpressions;

namespace ModelBuild.Compression.Signatures;

/// <summary>
/// Decides from two names whether an output is the next value of an input, with the conventions of exporters and authors: <c>stateN</c> and <c>state</c>,
/// <c>hn</c> and <c>h0</c>, <c>h_out</c> and <c>h_in</c>, <c>new_x</c> and <c>x</c>, <c>present.0.key</c> and <c>past_key_values.0.key</c>. Words such as
/// <c>in</c> and <c>out</c> count only next to a usual name of a state: a model that converts <c>image_in</c> to <c>image_out</c> has no state.
/// </summary>
internal static partial class StateNames
{
    private static readonly string[] Kept =
    [
        "h",
        "c",
        "hx",
        "cx",
        "hidden",
        "cell",
        "state",
        "states",
        "cache",
        "memory",
        "mem",
        "buffer",
        "buf",
        "context",
        "ctx",
        "carry",
        "rnn",
        "lstm",
        "gru",
    ];

    // Words in the name of an output that mark it as the next value of a state. Strong marks are sufficient alone, while weak marks also need the name of a
    // state.
    private static readonly string[] StrongOutput = ["new", "next", "updated", "present"];
    private static readonly string[] WeakOutput = ["out", "output", "n"];
    private static readonly string[] StrongInput = ["prev", "previous", "past", "old"];
    private static readonly string[] WeakInput = ["in", "input", "init", "initial", "0"];

    /// <summary>Returns whether the output is the next value of the input.</summary>
    public static bool Match(string output, string input) =>
        Readings(output, StrongOutput, WeakOutput).Any(next => Readings(input, StrongInput, WeakInput).Any(last => IsPair(next, last)));

    private static bool IsPair((string[] Stem, int Strength) next, (string[] Stem, int Strength) last) =>
        next.Stem.Length > 0
        && next.Stem.SequenceEqual(last.Stem, StringComparer.Ordinal)
        && Math.Max(next.Strength, last.Strength) switch
        {
            0 => false,
            1 => next.Stem.Any(Kept.Contains),
            _ => true,
        };

    /// <summary>
    /// Returns the possible readings of a name: the name with strength 0, and the name without a mark at its start or end with the strength of the mark, 1 for
    /// a weak mark and 2 for a strong one.
    /// </summary>
    private static IEnumerable<(string[] Stem, int Strength)> Readings(string name, string[] strong, string[] weak)
    {
        var words = Words().Matches(name).Select(word => word.Value.ToLowerInvariant()).ToArray();
        yield return (words, 0);
        if (words.Length == 0)
            yield break;
        foreach (var (mark, rest) in new[] { (words[0], words[1..]), (words[^1], words[..^1]) })
            if (strong.Contains(mark) || weak.Contains(mark))
                yield return (mark is "past" or "present" && rest is ["key", "values", .. var layer] ? layer : rest, strong.Contains(mark) ? 2 : 1);
        // In names of states such as hn and cn, the letter n marks the new state, although it is not a separate word.
        if (words[^1] is [.. var letters, 'n'] && letters.Length > 0 && weak.Contains("n"))
            yield return ([.. words[..^1], letters], 1);
    }

    // Matches a word of a tensor's name: a run of letters up to the next capital, or a run of digits.
    [GeneratedRegex("[A-Z]*[a-z]+|[A-Z]+|[0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Words();
}
