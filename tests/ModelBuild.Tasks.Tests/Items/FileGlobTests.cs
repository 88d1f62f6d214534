using ModelBuild.Tasks.Items;

namespace ModelBuild.Tasks.Tests.Items;

public sealed class FileGlobTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FileGlobTests()
    {
        foreach (
            var file in new[]
            {
                "d/b.npz",
                "d/a.npz",
                "d/readme.md",
                "d/e/c.npz",
                "set_1/input_0.pb",
                "set_2/input_0.pb",
                "set_2/output_0.pb",
                "a@b;c(1)[x]{y} $z%20.npz",
            }
        )
            _folder.Write(file, "");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("d/*.npz", "d/a.npz d/b.npz")]
    [InlineData("d\\*.npz", "d/a.npz d/b.npz")]
    [InlineData("d/**/*.npz", "d/a.npz d/b.npz d/e/c.npz")]
    [InlineData("d/**", "d/a.npz d/b.npz d/e/c.npz d/readme.md")]
    [InlineData("set_*/input_?.pb", "set_1/input_0.pb set_2/input_0.pb")]
    [InlineData("d/b.npz; d/a.npz ;", "d/a.npz d/b.npz")]
    [InlineData("d", "d/a.npz d/b.npz d/e/c.npz")]
    [InlineData("./d/../d/a.*", "d/a.npz")]
    public void Matches_come_in_ordinal_order(string list, string expected)
    {
        var (files, unmatched) = FileGlob.Expand(_folder.Path, list);
        Assert.Equal(expected.Split(' '), files.Select(file => Path.GetRelativePath(_folder.Path, file).Replace('\\', '/')));
        Assert.Empty(unmatched);
    }

    [Fact]
    public void What_matches_nothing_is_named() => Assert.Equal(["none/*.npz", "x.npy"], FileGlob.Expand(_folder.Path, "d/a.npz;none/*.npz;x.npy").Unmatched);
}
