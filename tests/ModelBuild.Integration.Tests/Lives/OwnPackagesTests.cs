using ModelBuild.Integration.Tests.Building;
using ModelBuild.Testing;

namespace ModelBuild.Integration.Tests.Lives;

/// <summary>What the packages of this repository contain. <see cref="ToolTests"/> checks the tool.</summary>
public sealed class OwnPackagesTests(PackedFeed feed)
{
    [Theory]
    [InlineData("ModelBuild")]
    [InlineData("ModelBuild.Hosting")]
    [InlineData("ModelBuild.Serving")]
    [InlineData("ModelBuild.Imaging")]
    [InlineData("ModelBuild.Audio")]
    [InlineData("ModelBuild.Text")]
    public void A_package_has_an_icon_a_readme_symbols_and_the_notices_of_what_it_contains(string id)
    {
        using var package = new PackageFile(Path.Combine(feed.Feed, $"{id}.{feed.Version}.nupkg"));

        PackageRules.Check(package);
    }

    [Fact]
    public void The_package_of_the_build_has_notices()
    {
        using var package = new PackageFile(Path.Combine(feed.Feed, $"ModelBuild.{feed.Version}.nupkg"));

        Assert.Contains("Google.Protobuf.dll", package.ForeignLibraries);
        Assert.Contains("tools/net10.0/dotnet-THIRD-PARTY-NOTICES.txt", package.Names);
    }

    [Fact]
    public void Only_the_process_that_serves_needs_ASP_NET_Core()
    {
        using var package = new PackageFile(Path.Combine(feed.Feed, $"ModelBuild.{feed.Version}.nupkg"));

        Assert.DoesNotContain("AspNetCore", package.ReadText("tools/net10.0/modelbuild.runtimeconfig.json"), StringComparison.Ordinal);
        Assert.Contains("Microsoft.AspNetCore.App", package.ReadText("tools/net10.0/serve/ModelBuild.Server.runtimeconfig.json"), StringComparison.Ordinal);
        // The process loads all other libraries from the folder of the program.
        Assert.Equal(
            ["Grpc.AspNetCore.Server.dll", "Grpc.Core.Api.dll", "Grpc.Net.Common.dll", "ModelBuild.Server.dll", "Prometheus.NetStandard.dll"],
            package
                .Names.Where(name => name.StartsWith("tools/net10.0/serve/", StringComparison.Ordinal) && name.EndsWith(".dll", StringComparison.Ordinal))
                .Select(Path.GetFileName)
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Links_of_a_readme_start_with_the_address_that_is_given()
    {
        var folder = feed.NewWorkspace("links");
        var (exitCode, output) = await Dotnet.RunAsync(
            Machine.Dotnet,
            [
                "pack",
                "src/ModelBuild.Hosting/ModelBuild.Hosting.csproj",
                "--no-build",
                "-c",
                Machine.Configuration,
                "-p:PackageVersion=" + folder.Version,
                "-p:PackageLinkBase=https://example.org/tree",
                "-o",
                folder["nupkg"],
                "-nodeReuse:false",
                "-v:q",
            ],
            Corpus.Repository
        );
        Assert.True(exitCode == 0, output);

        using var package = new PackageFile(folder[$"nupkg/ModelBuild.Hosting.{folder.Version}.nupkg"]);

        PackageRules.Check(package);
        Assert.Contains("[services](https://example.org/tree/docs/services.md)", package.ReadText("README.md"), StringComparison.Ordinal);
    }
}
