using System.Text.RegularExpressions;
using ModelBuild.Testing;

namespace ModelBuild.Generator.Tests;

public sealed class SnapshotsTests
{
    [Theory]
    [InlineData("a\nb\n", "a\nc\n", "line 2:\n  expected: b\n  actual:   c")]
    [InlineData("a\n", "a\nb\n", "line 2:\n  expected: \n  actual:   b")]
    [InlineData("a\nb", "a", "line 2:\n  expected: b\n  actual:   (the text ends before this line)")]
    [InlineData("a\n", "a\n", null)]
    public void The_first_line_that_differs_is_reported(string expected, string actual, string? difference) =>
        Assert.Equal(difference, Snapshots.Difference(expected, actual));

    [Fact]
    public void A_file_that_is_missing_fails()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("MODELBUILD_ACCEPT") == "1", "With MODELBUILD_ACCEPT=1 the file would be written.");

        Assert.Throws<Xunit.Sdk.FailException>(() => new Snapshots("tests").Matches("missing.txt", "a"));
    }

    [Fact]
    public void What_differs_between_machines_is_shown_by_name()
    {
        Assert.Equal("{\n  \"a\": [x],\n  \"b\": [x]\n}", SnapshotVariable.OfProperties("x", "a", "b").Replace("{\n  \"a\": \"1, 2\",\n  \"b\": null\n}"));
        Assert.Equal("in [folder]/obj", SnapshotVariable.Of("folder", "/tmp/1.").Replace("in /tmp/1./obj"));
        Assert.Equal("[n] of [n]", new SnapshotVariable("n", new Regex("[0-9]+")).Replace("1 of 22"));
    }
}
