using System.Text.RegularExpressions;
using ModelBuild.Tasks.OnnxRuntime;

namespace ModelBuild.Tasks.Tests.Protocol;

/// <summary>The lists of execution providers name the same ones.</summary>
public sealed partial class ProviderListTests
{
    // Each row has the first words of a meaning, from general to specific.
    public static TheoryData<string> Words =>
        ["trt", "nvidia", "rocm", "ryzen", "amd", "intel", "qualcomm", "metal", "huawei", "android", "directx", "vulkan", "mkl", "npu", "gpu", "processor"];

    public static TheoryData<string> Others => [.. ProviderNames.All.Where(name => name != ProviderNames.Cpu)];

    [Theory]
    [MemberData(nameof(Words))]
    public void A_meaning_names_providers(string word)
    {
        var named = Quoted().Matches(ProviderHints.Hint(word)).Select(match => match.Groups[1].Value).ToList();

        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(name, ProviderNames.All));
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void Each_provider_but_the_processor_has_its_systems(string name)
    {
        Assert.True(ProviderPackages.IsElsewhere(name, "none-x64"));
        Assert.False(ProviderPackages.IsElsewhere(ProviderNames.Cpu, "none-x64"));
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void A_name_is_found_in_other_spellings(string name)
    {
        Assert.Equal(name, ProviderNames.Find(name.ToUpperInvariant()));
        Assert.Equal(name, ProviderNames.Find(name.Replace('-', ' ') + "ExecutionProvider"));
        Assert.Null(ProviderNames.Find(name + "2"));
    }

    [GeneratedRegex("'([a-z0-9-]+)' \\(")]
    private static partial Regex Quoted();
}
