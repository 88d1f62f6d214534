using System.Runtime.Serialization;
using System.Runtime.Serialization.Json;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelBuild.Generator.Naming;

namespace ModelBuild.Generator.Signatures;

/// <summary>Reads and checks signature files.</summary>
internal static class SignatureReader
{
    public const string Extension = ".signature.json";

    private static readonly DataContractJsonSerializer _serializer = new(
        typeof(SignatureDocument),
        new DataContractJsonSerializerSettings { UseSimpleDictionaryFormat = true }
    );

    /// <summary>Reads a signature file; null if it is a file of another tool with the same extension.</summary>
    /// <param name="file">The additional file.</param>
    /// <param name="marked">
    /// Whether the build marks the file as a signature. The compiler's configuration file loses the mark of paths with unusual characters, so a file without
    /// the mark is recognised by its content.
    /// </param>
    public static SignatureFile? Read(AdditionalText file, bool marked, CancellationToken cancellation)
    {
        var text = file.GetText(cancellation)?.ToString();
        if (text is null)
            return marked ? new SignatureFile(file.Path, null, "the file cannot be opened") : null;
        if (!marked && !(text.Contains($"\"{SignatureFields.Schema}\"") && text.Contains($"\"{SignatureFields.ClassName}\"")))
            return null;
        try
        {
            return new SignatureFile(file.Path, Check(Parse(text)), null);
        }
        catch (Exception exception) when (exception is SerializationException or FormatException or InvalidCastException)
        {
            return new SignatureFile(file.Path, null, OneLine(exception.Message));
        }
    }

    private static SignatureDocument Parse(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return _serializer.ReadObject(stream) as SignatureDocument ?? throw new FormatException("it is empty");
    }

    private static ModelSignature Check(SignatureDocument document)
    {
        if (document.Schema is not { } schema)
            throw new FormatException("the schema is missing");
        if (schema != SignatureFields.SchemaVersion)
            throw new FormatException($"it has schema {schema}, and this version of ModelBuild reads schema {SignatureFields.SchemaVersion}");

        var className = document.ClassName ?? "";
        if (!SyntaxFacts.IsValidIdentifier(className))
            throw new FormatException($"'{className}' is not a class name");
        if (ReservedNames.Members.Contains(className))
            throw new FormatException($"the class name '{className}' is that of a member of every model class");
        var options = new ClassOptions(document.Options ?? throw new FormatException("the options are missing"));
        var space = options.Namespace;
        if (space.Length > 0 && !space.Split('.').All(SyntaxFacts.IsValidIdentifier))
            throw new FormatException($"'{space}' is not a namespace");

        return new ModelSignature(
            className,
            options,
            (document.Descriptions ?? [])
                .Select(description => new ValueDescription(description.Name ?? "", (description.Text ?? "").Trim(), description.Source ?? "")
                {
                    Layout = description.Layout ?? "",
                    Pooling = description.Pooling,
                    MaxTokens = description.MaxTokens,
                    Fault = description.Fault,
                })
                .ToEquatableArray(),
            document.Model ?? className,
            document.Description ?? "",
            document.Deploy ?? "copy",
            document.Path ?? "",
            (document.Stages ?? []).Where(stage => stage is not null).ToEquatableArray(),
            document.Hash ?? "",
            (document.Providers ?? []).Where(provider => provider is not null).ToEquatableArray(),
            (document.Labels ?? []).Select(label => label ?? "").ToEquatableArray(),
            (document.Inputs ?? []).Select(Check).ToEquatableArray(),
            (document.Outputs ?? []).Select(Check).ToEquatableArray(),
            (document.States ?? []).Select(state => new StateSignature(state.Output ?? "", state.Input ?? "")).ToEquatableArray()
        );
    }

    private static TensorSignature Check(TensorDocument document)
    {
        var shape =
            document.Rank is < 0 || document.Shape is null ? (EquatableArray<DimensionSignature>?)null : document.Shape.Select(Check).ToEquatableArray();
        var kind = document.Kind ?? "tensor";
        return new TensorSignature(
            document.Name ?? "",
            kind,
            document.Type ?? "",
            kind == "tensor" ? shape : null,
            kind == "tensor" ? null : shape,
            document.Scores,
            Member(document.Member)
        );
    }

    private static DimensionSignature Check(DimensionDocument document)
    {
        if (document.Size is < 0)
            throw new FormatException($"the size {document.Size} of a dimension is not valid");
        var symbol = document.Size is null && document.Name is { Length: > 0 } ? document.Name : null;
        return new DimensionSignature(document.Size, symbol, Member(document.Member));
    }

    private static string? Member(string? member) =>
        member is null || SyntaxFacts.IsValidIdentifier(member) ? member : throw new FormatException($"'{member}' is not a name of a member");

    private static string OneLine(string message) => message.Replace('\r', ' ').Replace('\n', ' ').TrimEnd('.');
}
