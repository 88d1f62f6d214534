namespace ModelBuild.Text.Encodings;

/// <summary>Computes how many tokens of each text of a pair remain, by the strategy "longest first" of Hugging Face's library.</summary>
internal static class Truncation
{
    /// <summary>
    /// Returns the numbers of tokens that remain of two texts. The longer text loses tokens until both are equally long, and then both lose tokens.
    /// </summary>
    /// <param name="first">The number of tokens of the first text.</param>
    /// <param name="second">The number of tokens of the second text.</param>
    /// <param name="room">The number of tokens that may remain.</param>
    public static (int First, int Second) LongestFirst(int first, int second, int room)
    {
        if (first + second <= room)
            return (first, second);
        var (shorter, longer) = (Math.Min(first, second), Math.Max(first, second));
        longer = shorter > room ? shorter : Math.Max(shorter, room - shorter);
        if (shorter + longer > room)
            (shorter, longer) = (room / 2, room / 2 + room % 2);
        return first > second ? (longer, shorter) : (shorter, longer);
    }
}
