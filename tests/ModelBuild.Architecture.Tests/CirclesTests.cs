namespace ModelBuild.Architecture.Tests;

/// <summary>No two namespaces of the engine or of the program refer to each other, not even over other namespaces.</summary>
public sealed class CirclesTests
{
    [Theory]
    [InlineData("ModelBuild.Compression", "ModelBuild.Compression", 80)]
    [InlineData("modelbuild", "ModelBuild.Cli", 15)]
    public void No_namespaces_refer_to_each_other(string assembly, string root, int leastNamespaces)
    {
        using var module = Assemblies.Read(assembly);
        var references = TypeUses
            .Inside(module)
            .Select(use => (From: use.From.Namespace, To: use.To.Namespace))
            .Where(use => IsInside(use.From) && IsInside(use.To))
            .ToArray();

        Assert.True(references.Select(use => use.From).Distinct().Count() >= leastNamespaces, "Only a part of the namespaces was found.");
        Assert.Empty(Circles.Find(references));

        bool IsInside(string name) => name.StartsWith(root, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a>b b>c", "")]
    [InlineData("a>a", "")]
    [InlineData("a>b b>a", "a -> b -> a;b -> a -> b")]
    [InlineData("a>b b>c c>b c>d", "b -> c -> b;c -> b -> c")]
    [InlineData("a>b b>c c>a a>c", "a -> c -> a;b -> c -> a -> b;c -> a -> c")]
    public void Circles_are_found(string references, string circles)
    {
        var found = Circles.Find(references.Split(' ').Select(reference => (reference[..1], reference[2..])));

        Assert.Equal(circles, string.Join(';', found));
    }
}
