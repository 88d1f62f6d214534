using System.Text.Json;

namespace ModelBuild.Text.Files;

/// <summary>Describes the special tokens around one text and around a pair of texts.</summary>
/// <param name="Single">The parts for one text.</param>
/// <param name="Pair">The parts for two texts.</param>
internal sealed record TokenTemplate(IReadOnlyList<TemplatePart> Single, IReadOnlyList<TemplatePart> Pair)
{
    /// <summary>Gets the template without special tokens.</summary>
    public static TokenTemplate None { get; } = new([new(0, 0)], [new(0, 0), new(1, 1)]);

    /// <summary>Returns the template of BERT: <c>[CLS] A [SEP]</c> for one text and <c>[CLS] A [SEP] B [SEP]</c> for a pair.</summary>
    public static TokenTemplate Bert(int start, int end) =>
        new([new(-1, 0, start), new(0, 0), new(-1, 0, end)], [new(-1, 0, start), new(0, 0), new(-1, 0, end), new(1, 1), new(-1, 1, end)]);

    /// <summary>
    /// Returns the template of RoBERTa: <c>&lt;s> A &lt;/s></c> for one text and <c>&lt;s> A &lt;/s>&lt;/s> B &lt;/s></c> for a pair, with the type id 0 for
    /// all tokens.
    /// </summary>
    public static TokenTemplate Roberta(int start, int end) =>
        new([new(-1, 0, start), new(0, 0), new(-1, 0, end)], [new(-1, 0, start), new(0, 0), new(-1, 0, end), new(-1, 0, end), new(1, 0), new(-1, 0, end)]);

    /// <summary>Reads the template from <c>post_processor</c> of a <c>tokenizer.json</c>.</summary>
    public static TokenTemplate Read(JsonElement? processor)
    {
        var type = processor?.Text("type");
        return type switch
        {
            null or "ByteLevel" => None,
            "TemplateProcessing" => FromTemplate(processor!.Value),
            "BertProcessing" => Bert(TokenId(processor!.Value, "cls"), TokenId(processor.Value, "sep")),
            "RobertaProcessing" => Roberta(TokenId(processor!.Value, "cls"), TokenId(processor.Value, "sep")),
            "Sequence" => FromSequence(processor!.Value),
            _ => throw new FormatException($"The post-processor '{type}' is not known."),
        };
    }

    /// <summary>Returns the template of a sequence of processors, of which at most one adds tokens.</summary>
    private static TokenTemplate FromSequence(JsonElement processor)
    {
        var templates = processor.GetProperty("processors").EnumerateArray().Select(part => Read(part)).Where(template => template != None).ToArray();
        return templates.Length switch
        {
            0 => None,
            1 => templates[0],
            _ => throw new FormatException("Several post-processors add special tokens."),
        };
    }

    private static TokenTemplate FromTemplate(JsonElement processor)
    {
        var ids = processor.GetProperty("special_tokens");
        var single = Parts(processor.GetProperty("single"), ids);
        var pair = Parts(processor.GetProperty("pair"), ids);
        if (single.Count(part => part.Sequence == 0) != 1 || pair.Count(part => part.Sequence == 0) != 1 || pair.Count(part => part.Sequence == 1) != 1)
            throw new FormatException("The template of the special tokens does not name each text once.");
        return new(single, pair);
    }

    private static List<TemplatePart> Parts(JsonElement pieces, JsonElement ids)
    {
        var parts = new List<TemplatePart>();
        foreach (var piece in pieces.EnumerateArray())
        {
            if (piece.Get("Sequence") is { } sequence)
            {
                parts.Add(new(sequence.Text("id") == "B" ? 1 : 0, sequence.GetProperty("type_id").GetInt32()));
                continue;
            }

            var special = piece.GetProperty("SpecialToken");
            var typeId = special.GetProperty("type_id").GetInt32();
            foreach (var id in ids.GetProperty(special.Text("id") ?? "").GetProperty("ids").EnumerateArray())
                parts.Add(new(-1, typeId, id.GetInt32()));
        }

        return parts;
    }

    /// <summary>Returns the id of a special token, which the file stores as a pair of the text and the id of the token.</summary>
    private static int TokenId(JsonElement processor, string name) => processor.GetProperty(name)[1].GetInt32();
}
