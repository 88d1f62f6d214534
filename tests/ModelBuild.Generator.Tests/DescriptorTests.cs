using System.Reflection;
using Microsoft.CodeAnalysis;
using ModelBuild.Generator.Diagnostics;
using ModelBuild.Generator.Signatures;
using ModelBuild.Generator.Tests.Support;

namespace ModelBuild.Generator.Tests;

/// <summary>The generator's descriptors are those of the register of diagnostics, and the options of a signature those of the table of metadata.</summary>
public sealed class DescriptorTests
{
    private static readonly DiagnosticDescriptor[] _descriptors =
    [
        .. typeof(Descriptors).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (DiagnosticDescriptor)field.GetValue(null)!),
    ];

    [Fact]
    public void A_descriptor_has_the_title_and_the_severity_of_its_rule() =>
        Assert.Equal(
            DiagnosticRules
                .All.Where(rule => rule.Code.StartsWith("MB2", StringComparison.Ordinal))
                .Select(rule => (rule.Code, rule.Title, rule.Severities, DiagnosticRules.HelpLink(rule.Code) ?? "")),
            _descriptors
                .Select(descriptor =>
                    (
                        descriptor.Id,
                        descriptor.Title.ToString(CultureInfo.InvariantCulture),
                        descriptor.DefaultSeverity switch
                        {
                            DiagnosticSeverity.Error => Severities.Error,
                            DiagnosticSeverity.Warning => Severities.Warning,
                            _ => Severities.Message,
                        },
                        descriptor.HelpLinkUri
                    )
                )
                .OrderBy(rule => rule.Id, StringComparer.Ordinal)
        );

    [Fact]
    public void Options_that_a_signature_does_not_have_are_the_tables_defaults()
    {
        var none = new ClassOptions(new Dictionary<string, string?>());

        Assert.Equal(("", ItemMetadata.Access.Default == "public"), (none.Namespace, none.IsPublic));
        Assert.Equal(none, new ClassOptions(new Dictionary<string, string?> { ["Unknown"] = "1", ["Access"] = null }));
    }

    [Theory]
    [InlineData("internal", false)]
    [InlineData("public", true)]
    [InlineData("Public", true)]
    public void Access_is_that_of_the_class(string access, bool isPublic)
    {
        var source = GeneratorRun.Of(new SignatureText { Access = access }).Source;

        Assert.Contains($"{(isPublic ? "public" : "internal")} sealed partial class DigitsModel", source, StringComparison.Ordinal);
    }
}
