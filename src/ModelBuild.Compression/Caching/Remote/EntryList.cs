using System.Text.RegularExpressions;
using Google.Protobuf;
using ModelBuild.Compression.Caching.Entries;

namespace ModelBuild.Compression.Caching.Remote;

/// <summary>
/// The list of an entry's files in a remote cache. It is the message <c>ActionResult</c> of Bazel's Remote Execution API, version 2, of which it has the
/// field <c>output_files</c> only, so that servers which validate this message accept it.
/// </summary>
internal static partial class EntryList
{
    private const int MaxFiles = 256;

    // The numbers of the protobuf fields ActionResult.output_files, OutputFile.path, OutputFile.digest, Digest.hash and Digest.size_bytes.
    private const int FilesField = 2;
    private const int PathField = 1;
    private const int DigestField = 2;
    private const int HashField = 1;
    private const int SizeField = 2;

    /// <summary>Returns the list of an entry's files as the bytes of the message <c>ActionResult</c>.</summary>
    public static byte[] Write(IReadOnlyList<CacheFile> files) =>
        Message(list =>
        {
            foreach (var file in files)
                WriteMessage(
                    list,
                    FilesField,
                    output =>
                    {
                        output.WriteTag(PathField, WireFormat.WireType.LengthDelimited);
                        output.WriteString(file.Name);
                        WriteMessage(
                            output,
                            DigestField,
                            digest =>
                            {
                                digest.WriteTag(HashField, WireFormat.WireType.LengthDelimited);
                                digest.WriteString(file.Hash);
                                digest.WriteTag(SizeField, WireFormat.WireType.Varint);
                                digest.WriteInt64(file.Bytes);
                            }
                        );
                    }
                );
        });

    /// <summary>
    /// Reads the list of an entry's files from the bytes of the message <c>ActionResult</c>. Fields other than <c>output_files</c> are skipped.
    /// </summary>
    /// <exception cref="InvalidDataException">The bytes are no list of the files of an entry.</exception>
    public static IReadOnlyList<CacheFile> Read(byte[] bytes)
    {
        try
        {
            var files = new List<CacheFile>();
            Fields(bytes, FilesField, input => files.Add(ReadFile(input.ReadBytes().ToByteArray())));
            Check(files);
            return files;
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new InvalidDataException("it is no ActionResult", exception);
        }
    }

    private static CacheFile ReadFile(byte[] bytes)
    {
        var (name, hash, size) = ("", "", 0L);
        Fields(bytes, PathField, input => name = input.ReadString());
        Fields(
            bytes,
            DigestField,
            input =>
            {
                var digest = input.ReadBytes().ToByteArray();
                Fields(digest, HashField, inner => hash = inner.ReadString());
                Fields(digest, SizeField, inner => size = inner.ReadInt64(), WireFormat.WireType.Varint);
            }
        );
        return new CacheFile(name, hash, size);
    }

    // Checks the files of a downloaded list. Only file names that an entry of this machine may have are accepted, so that no file is written outside the
    // entry's folder.
    private static void Check(List<CacheFile> files)
    {
        if (files.Count > MaxFiles)
            throw new InvalidDataException($"it has more than {MaxFiles} files");
        if (files.Any(file => !Name().IsMatch(file.Name)))
            throw new InvalidDataException("it has a file name that no entry has");
        if (files.Any(file => !Hash().IsMatch(file.Hash) || file.Bytes < 0))
            throw new InvalidDataException("it has a file without a hash or with a wrong size");
        if (files.DistinctBy(file => file.Name).Count() < files.Count)
            throw new InvalidDataException("it has one file name twice");
        if (files.All(file => file.Name != CacheEntry.ReceiptName) || files.All(file => file.Name == CacheEntry.ReceiptName))
            throw new InvalidDataException("it has no model or no receipt");
    }

    private static void Fields(byte[] bytes, int field, Action<CodedInputStream> read, WireFormat.WireType type = WireFormat.WireType.LengthDelimited)
    {
        var input = new CodedInputStream(bytes);
        for (uint tag; (tag = input.ReadTag()) != 0; )
            if (tag == WireFormat.MakeTag(field, type))
                read(input);
            else
                input.SkipLastField();
    }

    private static void WriteMessage(CodedOutputStream output, int field, Action<CodedOutputStream> write)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(Message(write)));
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var memory = new MemoryStream();
        using (var output = new CodedOutputStream(memory, leaveOpen: true))
            write(output);
        return memory.ToArray();
    }

    [GeneratedRegex(@"^(model(\.[0-9]{1,3})?\.onnx(\.data)?|receipt\.json)\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"^[0-9a-f]{64}\z")]
    private static partial Regex Hash();
}
