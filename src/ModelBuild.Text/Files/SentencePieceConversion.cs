using System.Text.Json;

namespace ModelBuild.Text.Files;

/// <summary>Writes the content of a <c>tokenizer.model</c> as a <c>tokenizer.json</c>, so that Hugging Face's library reads it.</summary>
internal static class SentencePieceConversion
{
    /// <summary>The tokenizer classes whose token ids differ from those of the <c>tokenizer.model</c>.</summary>
    private static readonly string[] OtherIds =
    [
        "XLMRoberta",
        "Camembert",
        "MBart",
        "Nllb",
        "BarthezTokenizer",
        "M2M100",
        "Pegasus",
        "DebertaV2",
        "Fnet",
        "SeamlessM4T",
    ];

    private static readonly string[] WithBeginning = ["Llama", "CodeLlama", "Gemma"];

    /// <summary>Returns a <c>tokenizer.json</c> with the content of a <c>tokenizer.model</c>.</summary>
    /// <exception cref="FormatException">The tokenizer is of a kind that is not supported.</exception>
    public static byte[] ToJson(SentencePieceModel model, TokenizerSettings settings)
    {
        var name = settings.Class ?? "";
        if (OtherIds.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            throw new FormatException($"The ids of '{name}' are not those of the file. Put a tokenizer.json beside the model.");
        var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            writer.WriteString("version", "1.0");
            WriteAdded(writer, model);
            WriteNormalizer(writer, model);
            WriteTemplate(writer, model, settings, name);
            WriteDecoder(writer, model);
            WriteModel(writer, model);
            writer.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static void WriteAdded(Utf8JsonWriter writer, SentencePieceModel model)
    {
        writer.WriteStartArray("added_tokens");
        for (var id = 0; id < model.Pieces.Count; id++)
        {
            var piece = model.Pieces[id];
            if (piece.Kind is not (SentencePieceKind.Unknown or SentencePieceKind.Control or SentencePieceKind.UserDefined))
                continue;
            writer.WriteStartObject();
            writer.WriteNumber("id", id);
            writer.WriteString("content", piece.Text);
            foreach (var flag in new[] { "single_word", "lstrip", "rstrip", "normalized" })
                writer.WriteBoolean(flag, false);
            writer.WriteBoolean("special", piece.Kind != SentencePieceKind.UserDefined);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteNormalizer(Utf8JsonWriter writer, SentencePieceModel model)
    {
        writer.WriteStartObject("normalizer");
        writer.WriteString("type", "Sequence");
        writer.WriteStartArray("normalizers");
        if (model.CharacterMap.Length > 0)
            WriteObject(writer, ("type", "Precompiled"), ("precompiled_charsmap", Convert.ToBase64String(model.CharacterMap)));
        if (model.RemovesExtraSpaces)
        {
            writer.WriteStartObject();
            writer.WriteString("type", "Strip");
            writer.WriteBoolean("strip_left", true);
            writer.WriteBoolean("strip_right", true);
            writer.WriteEndObject();
            WriteReplace(writer, "Regex", " {2,}", " ");
        }

        if (model.AddsPrefix)
            WriteObject(writer, ("type", "Prepend"), ("prepend", "▁"));
        WriteReplace(writer, "String", " ", "▁");
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteTemplate(Utf8JsonWriter writer, SentencePieceModel model, TokenizerSettings settings, string name)
    {
        var addsBeginning = settings.AddBeginning ?? WithBeginning.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
        var addsEnd = settings.AddEnd ?? name.StartsWith("T5", StringComparison.Ordinal);
        var beginning = addsBeginning ? Id(model, settings.Token("bos_token") ?? "<s>") : -1;
        var end = addsEnd ? Id(model, settings.Token("eos_token") ?? "</s>") : -1;
        writer.WriteStartObject("post_processor");
        writer.WriteString("type", "TemplateProcessing");
        foreach (var (list, texts) in new[] { ("single", "A"), ("pair", "AB") })
        {
            writer.WriteStartArray(list);
            foreach (var text in texts)
            {
                var type = text - 'A';
                WriteSpecial(writer, model, beginning, type);
                WritePart(writer, "Sequence", text.ToString(), type);
                WriteSpecial(writer, model, end, type);
            }

            writer.WriteEndArray();
        }

        writer.WriteStartObject("special_tokens");
        foreach (var id in new[] { beginning, end }.Where(id => id >= 0).Distinct())
        {
            writer.WriteStartObject(model.Pieces[id].Text);
            writer.WriteString("id", model.Pieces[id].Text);
            writer.WriteStartArray("ids");
            writer.WriteNumberValue(id);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static int Id(SentencePieceModel model, string token)
    {
        for (var id = 0; id < model.Pieces.Count; id++)
            if (model.Pieces[id].Text == token)
                return id;
        throw new FormatException($"The model lacks the token '{token}', which stands beside texts.");
    }

    private static void WriteSpecial(Utf8JsonWriter writer, SentencePieceModel model, int id, int type)
    {
        if (id >= 0)
            WritePart(writer, "SpecialToken", model.Pieces[id].Text, type);
    }

    private static void WritePart(Utf8JsonWriter writer, string kind, string id, int type)
    {
        writer.WriteStartObject();
        writer.WriteStartObject(kind);
        writer.WriteString("id", id);
        writer.WriteNumber("type_id", type);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteDecoder(Utf8JsonWriter writer, SentencePieceModel model)
    {
        writer.WriteStartObject("decoder");
        writer.WriteString("type", "Sequence");
        writer.WriteStartArray("decoders");
        WriteReplace(writer, "String", "▁", " ");
        WriteObject(writer, ("type", "ByteFallback"));
        WriteObject(writer, ("type", "Fuse"));
        if (model.AddsPrefix)
        {
            writer.WriteStartObject();
            writer.WriteString("type", "Strip");
            writer.WriteString("content", " ");
            writer.WriteNumber("start", 1);
            writer.WriteNumber("stop", 0);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter writer, SentencePieceModel model)
    {
        var unknown = model
            .Pieces.Select((piece, id) => (piece, id))
            .Where(item => item.piece.Kind == SentencePieceKind.Unknown)
            .Select(item => item.id)
            .ToArray();
        if (unknown.Length != 1)
            throw new FormatException("The model does not have one piece for unknown text.");
        writer.WriteStartObject("model");
        writer.WriteString("type", model.IsBytePairs ? "BPE" : "Unigram");
        writer.WriteBoolean("byte_fallback", model.HasByteFallback);
        if (model.IsBytePairs)
        {
            writer.WriteString("unk_token", model.Pieces[unknown[0]].Text);
            writer.WriteBoolean("fuse_unk", true);
            WriteBytePairs(writer, model);
        }
        else
        {
            writer.WriteNumber("unk_id", unknown[0]);
            writer.WriteStartArray("vocab");
            foreach (var piece in model.Pieces)
            {
                writer.WriteStartArray();
                writer.WriteStringValue(piece.Text);
                writer.WriteNumberValue(piece.Score);
                writer.WriteEndArray();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    /// <summary>
    /// Writes the vocabulary and the merges of a byte-pair model. A <c>tokenizer.model</c> has no list of merges, so each way to join two pieces to a third
    /// piece is written as a merge, in the order of the scores of the joined pieces.
    /// </summary>
    private static void WriteBytePairs(Utf8JsonWriter writer, SentencePieceModel model)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var id = 0; id < model.Pieces.Count; id++)
            ids.TryAdd(model.Pieces[id].Text, id);
        writer.WriteStartObject("vocab");
        foreach (var (text, id) in ids)
            writer.WriteNumber(text, id);
        writer.WriteEndObject();
        writer.WriteStartArray("merges");
        foreach (var piece in model.Pieces.Where(piece => piece.Kind == SentencePieceKind.Normal).OrderByDescending(piece => piece.Score))
        {
            var splits = Enumerable
                .Range(1, Math.Max(0, piece.Text.Length - 1))
                .Select(at => (Left: piece.Text[..at], Right: piece.Text[at..]))
                .Where(split => ids.ContainsKey(split.Left) && ids.ContainsKey(split.Right))
                .OrderBy(split => ids[split.Left])
                .ThenBy(split => ids[split.Right]);
            foreach (var (left, right) in splits)
            {
                writer.WriteStartArray();
                writer.WriteStringValue(left);
                writer.WriteStringValue(right);
                writer.WriteEndArray();
            }
        }

        writer.WriteEndArray();
    }

    private static void WriteReplace(Utf8JsonWriter writer, string kind, string pattern, string content)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "Replace");
        writer.WriteStartObject("pattern");
        writer.WriteString(kind, pattern);
        writer.WriteEndObject();
        writer.WriteString("content", content);
        writer.WriteEndObject();
    }

    private static void WriteObject(Utf8JsonWriter writer, params (string Name, string Value)[] properties)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in properties)
            writer.WriteString(name, value);
        writer.WriteEndObject();
    }
}
