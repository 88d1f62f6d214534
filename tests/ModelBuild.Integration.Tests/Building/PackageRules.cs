namespace ModelBuild.Integration.Tests.Building;

/// <summary>The rules for each package of this repository.</summary>
internal static class PackageRules
{
    public static void Check(PackageFile package)
    {
        foreach (var name in new[] { "icon.png", "LICENSE", "README.md" })
            Assert.Contains(name, package.Names);
        var specification = package.ReadText(package.Names.Single(name => name.EndsWith(".nuspec", StringComparison.Ordinal)));
        Assert.Contains("<icon>icon.png</icon>", specification, StringComparison.Ordinal);
        Assert.Contains("<readme>README.md</readme>", specification, StringComparison.Ordinal);
        Assert.Contains("<license type=\"expression\">MIT</license>", specification, StringComparison.Ordinal);

        Assert.Empty(package.RelativeLinks);

        Assert.NotEmpty(package.OwnAssemblies);
        Assert.All(package.OwnAssemblies, name => Assert.True(package.HasSymbols(name), $"{name} has no symbols."));
        Assert.DoesNotContain(package.Names, name => name.EndsWith(".pdb", StringComparison.Ordinal));

        Assert.Subset(package.NoticedLibraries.ToHashSet(), package.ForeignLibraries.ToHashSet());

        // Only assemblies that applications compile against have XML documentation.
        Assert.All(
            package.Names.Where(name =>
                name.EndsWith(".xml", StringComparison.Ordinal) && !name.EndsWith("DotnetToolSettings.xml", StringComparison.Ordinal) && name[0] != '['
            ),
            name => Assert.StartsWith("lib/", name, StringComparison.Ordinal)
        );
    }
}
