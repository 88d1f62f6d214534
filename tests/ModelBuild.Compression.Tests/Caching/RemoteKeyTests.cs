using ModelBuild.Compression.Caching;

namespace ModelBuild.Compression.Tests.Caching;

public sealed class RemoteKeyTests
{
    private static readonly string Key = new('a', 64);

    [Fact]
    public void Each_result_belongs_to_a_class_of_processors()
    {
        Assert.NotEqual(RemoteKey.Of(Key, "linux-x64-avx2"), RemoteKey.Of(Key, "linux-x64-avx512vnni"));
        Assert.NotEqual(RemoteKey.Of(Key, "linux-x64-avx2"), RemoteKey.Of(new string('b', 64), "linux-x64-avx2"));
        Assert.Equal(RemoteKey.Of(Key, "linux-x64-avx2"), RemoteKey.Of(Key, "linux-x64-avx2"));
        Assert.Matches("^[0-9a-f]{64}$", RemoteKey.Of(Key, "linux-x64-avx2"));
    }

    [Fact]
    public void The_class_of_this_processor_has_its_system_its_architecture_and_its_vectors() =>
        Assert.Matches(
            "^(linux|windows|macos|other)-(x64-(sse2|avx|avx2|avxvnni|avx512|avx512vnni)|arm64-(neon|dotprod)|[a-z0-9]+-scalar)$",
            ProcessorClass.Text
        );
}
