using ModelBuild.Tasks.State;
using ModelBuild.Testing;

namespace ModelBuild.Tasks.Tests.State;

public sealed class SharedFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), "modelbuild-shared-" + Guid.NewGuid().ToString("N"));

    public void Dispose() => File.Delete(_path);

    [Fact]
    public async Task Who_meets_another_waits()
    {
        await File.WriteAllTextAsync(_path, "old", TestContext.Current.CancellationToken);
        var write = new Thread(() => SharedFile.Write(_path, "new"));
        using (new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.None))
        {
            write.Start();
            await Eventually.IsTrueAsync(() => write.ThreadState.HasFlag(ThreadState.WaitSleepJoin), TestContext.Current.CancellationToken);
            Assert.True(write.IsAlive);
        }

        write.Join();
        Assert.Equal("new", SharedFile.Read(_path));
    }

    [Fact]
    public async Task A_write_that_fails_is_tried_again()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "obj", "a.state");
        var write = new Thread(() => SharedFile.Write(path, "text"));
        write.Start();
        await Eventually.IsTrueAsync(() => write.ThreadState.HasFlag(ThreadState.WaitSleepJoin), TestContext.Current.CancellationToken);

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        write.Join();

        Assert.Equal("text", SharedFile.Read(path));
    }

    [Fact]
    public void The_same_text_is_not_written_again()
    {
        SharedFile.Write(_path, "text\n");
        var time = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(_path, time);
        SharedFile.Write(_path, "text\n");
        Assert.Equal(time, File.GetLastWriteTimeUtc(_path));
    }

    [Fact]
    public void What_is_not_there_has_no_lines() => Assert.Empty(SharedFile.ReadLines(_path));
}
