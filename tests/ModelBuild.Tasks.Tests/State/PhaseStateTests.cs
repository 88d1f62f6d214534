using ModelBuild.Tasks.State;

namespace ModelBuild.Tasks.Tests.State;

public sealed class PhaseStateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_state_is_current_until_the_key_or_a_file_changes()
    {
        var (state, input, absent) = (_folder.File("a.state"), _folder.Write("a.onnx", "1"), _folder.File("a.recipe.json"));
        PhaseState.Write(state, "key", [input, absent], PhaseState.Stamps([input]));

        Assert.True(PhaseState.IsCurrent(state, "key"));
        Assert.False(PhaseState.IsCurrent(state, "another key"));
        Assert.Equal([input, absent], PhaseState.Files(state));
        _folder.Write("a.recipe.json", "{}");
        Assert.False(PhaseState.IsCurrent(state, "key"));
    }

    [Fact]
    public void A_file_that_changed_while_the_program_ran_leaves_no_state()
    {
        var (state, input) = (_folder.Write("a.state", "key\n"), _folder.Write("a.onnx", "1"));
        var before = PhaseState.Stamps([input]);
        _folder.Write("a.onnx", "2");

        PhaseState.Write(state, "key", [input], before);

        Assert.False(File.Exists(state));
        Assert.False(PhaseState.IsCurrent(state, "key"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("other\n")]
    [InlineData("key\nno stamp\n")]
    [InlineData("key\n\tno-stamp\n")]
    [InlineData("key\nabsent\t")]
    public void A_damaged_state_is_not_current(string text)
    {
        var state = _folder.Write("a.state", text == "key\nabsent\t" ? text + _folder.Write("a.onnx", "1") + "\n" : text);

        Assert.False(PhaseState.IsCurrent(state, "key"));
    }

    [Fact]
    public void A_program_is_the_stamps_of_its_assemblies()
    {
        var tool = _folder.Write("tool/modelbuild.dll", "1");
        var first = PhaseState.Program(tool);
        _folder.Write("tool/Other.dll", "1");

        Assert.NotEqual(first, PhaseState.Program(tool));
        Assert.Equal(_folder.File("x") + "/none/modelbuild.dll", PhaseState.Program(_folder.File("x") + "/none/modelbuild.dll"));
    }

    [Fact]
    public void Samples_tell_contents_of_the_same_length_and_time_apart()
    {
        var time = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        string[] stamps = [.. new[] { 'x', 'y' }.SelectMany(letter => new[] { 1, 5000, 1_000_000 }.Select(length => Stamp(new string(letter, length))))];

        Assert.Equal(6, stamps.Distinct().Count());
        Assert.Equal(stamps[1], Stamp(new string('x', 5000)));

        string Stamp(string text)
        {
            var path = _folder.Write("a.onnx", text);
            File.SetLastWriteTimeUtc(path, time);
            return FileStamp.Of(path);
        }
    }

    [Fact]
    public void A_file_that_is_locked_has_a_stamp_of_its_length_and_time()
    {
        var path = _folder.Write("a.onnx", "text");
        var open = FileStamp.Of(path);
        using var locked = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        var stamp = FileStamp.Of(path);

        Assert.Equal(open[..open.LastIndexOf('-')], stamp[..stamp.LastIndexOf('-')]);
        Assert.Equal("absent", FileStamp.Of(_folder.File("b.onnx")));
    }
}
