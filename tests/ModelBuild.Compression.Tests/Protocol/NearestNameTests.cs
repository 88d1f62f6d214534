namespace ModelBuild.Compression.Tests.Protocol;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("int8-wieghts", "int8-weights")]
    [InlineData("INT8-WEIGHTS", "int8-weights")]
    [InlineData("nit8", "int8")]
    [InlineData("int", "int8")]
    [InlineData("optimise", "optimize")]
    [InlineData("something else", null)]
    public void The_nearest_name_is_found(string typed, string? expected)
    {
        string[] known = ["optimize", "int8", "int8-weights"];

        Assert.Equal(expected, NearestName.Of(typed, known));
        Assert.Equal(expected is null ? "" : $" Did you mean '{expected}'?", NearestName.Hint(typed, known));
    }

    [Fact]
    public void Up_to_three_names_come_the_nearest_first() =>
        Assert.Equal(["abcd", "abce", "abcf"], NearestName.All("abcd", ["abcg", "abcf", "abce", "abcd", "abcd", "xyzw"]));

    [Fact]
    public void No_name_is_near_to_none() => Assert.Null(NearestName.Of("abc", []));

    [Fact]
    public void The_distance_is_the_least_number_of_edits()
    {
        string[] words = ["", "a", "b", "ab", "ba", "aab", "aba", "bab", "abba", "baab", "bbaa"];
        foreach (var a in words)
        foreach (var b in words)
        foreach (var swaps in new[] { false, true })
            Assert.Equal(Expected(a, b, swaps), EditDistance.Of(a.ToCharArray(), b.ToCharArray(), swaps));
    }

    // The method computes the distance recursively by its definition, without a table.
    private static int Expected(string a, string b, bool swaps)
    {
        if (a.Length == 0 || b.Length == 0)
            return a.Length + b.Length;
        var least = Math.Min(
            Expected(a[..^1], b[..^1], swaps) + (a[^1] == b[^1] ? 0 : 1),
            1 + Math.Min(Expected(a[..^1], b, swaps), Expected(a, b[..^1], swaps))
        );
        return swaps && a.Length > 1 && b.Length > 1 && a[^1] == b[^2] && a[^2] == b[^1] ? Math.Min(least, 1 + Expected(a[..^2], b[..^2], swaps)) : least;
    }
}
