using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime.Tests.Providers;

/// <summary>The runtime has the providers that projects may name, by these names.</summary>
public sealed class ProviderListTests
{
    public static TheoryData<string> All => [.. ProviderNames.All];

    [Fact]
    public void The_runtime_has_the_providers_of_the_list() => Assert.Equal(ProviderNames.All, ProviderCatalog.Names);

    [Theory]
    [MemberData(nameof(All))]
    public void A_provider_is_found_by_its_name_and_by_ONNX_Runtimes(string name)
    {
        var provider = ProviderCatalog.Find(name)!;

        Assert.Equal(name, provider.Name);
        Assert.Equal(name, ProviderCatalog.ShortName(provider.OrtName));
    }
}
