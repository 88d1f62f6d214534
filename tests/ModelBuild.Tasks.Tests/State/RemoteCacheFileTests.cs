using ModelBuild.Tasks.State;
using ModelBuild.Tasks.Tests.Stages;

namespace ModelBuild.Tasks.Tests.State;

public sealed class RemoteCacheFileTests
{
    [Fact]
    public void A_build_has_one_file_which_goes_with_it()
    {
        var engine = new ObjectEngine();
        var file = RemoteCacheFile.Of(engine)!;
        File.WriteAllText(file, "closed\n");

        Assert.Equal(file, RemoteCacheFile.Of(engine));
        Assert.NotEqual(file, RemoteCacheFile.Of(new ObjectEngine()));
        engine.End();
        Assert.False(File.Exists(file));
    }

    [Fact]
    public void An_old_engine_has_no_file() => Assert.Null(RemoteCacheFile.Of(new RecordingEngine()));
}
