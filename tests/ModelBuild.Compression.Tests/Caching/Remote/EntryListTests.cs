using System.Text;
using ModelBuild.Compression.Caching.Entries;
using ModelBuild.Compression.Caching.Remote;

namespace ModelBuild.Compression.Tests.Caching.Remote;

public sealed class EntryListTests
{
    private static readonly string Hash = new('a', 64);
    private static readonly CacheFile Receipt = new("receipt.json", new string('0', 64), 1);

    [Fact]
    public void A_list_has_the_bytes_of_an_ActionResult()
    {
        // output_files is field 2. In it, path is field 1 and digest is field 2. In digest, hash is field 1 and size_bytes is field 2.
        byte[] digest = [0x0A, 64, .. Encoding.ASCII.GetBytes(Hash), 0x10, 0xAC, 0x02];
        byte[] file = [0x0A, 10, .. "model.onnx"u8, 0x12, (byte)digest.Length, .. digest];

        Assert.Equal([0x12, (byte)file.Length, .. file], EntryList.Write([new CacheFile("model.onnx", Hash, 300)]));
    }

    [Fact]
    public void A_list_is_read_as_it_was_written()
    {
        CacheFile[] files =
        [
            new("model.onnx", Hash, 5_000_000_000),
            new("model.onnx.data", Hash, 0),
            new("model.1.onnx", Hash, 2),
            new("model.12.onnx.data", Hash, 3),
            Receipt,
        ];

        Assert.Equal(files, EntryList.Read(EntryList.Write(files)));
    }

    [Fact]
    public void Other_fields_of_an_ActionResult_are_skipped()
    {
        var list = EntryList.Write([new CacheFile("model.onnx", Hash, 1), Receipt]);
        // The added fields are exit_code (4) and stdout_raw (5).
        byte[] more = [0x20, 7, 0x2A, 2, 1, 2];

        Assert.Equal(2, EntryList.Read([.. more, .. list, .. more]).Count);
    }

    [Theory]
    [InlineData("../model.onnx")]
    [InlineData("/etc/passwd")]
    [InlineData("folder/model.onnx")]
    [InlineData("..\\model.onnx")]
    [InlineData("model.onnx\n")]
    [InlineData("hashes.txt")]
    [InlineData("model.1234.onnx")]
    [InlineData("")]
    public void A_name_that_no_entry_has_is_refused(string name) =>
        Assert.Throws<InvalidDataException>(() => EntryList.Read(EntryList.Write([new CacheFile(name, Hash, 1), new("model.onnx", Hash, 1), Receipt])));

    [Theory]
    [InlineData("A")]
    [InlineData("aaaa")]
    [InlineData("../../etc/passwd")]
    public void A_hash_that_is_none_is_refused(string hash) =>
        Assert.Throws<InvalidDataException>(() => EntryList.Read(EntryList.Write([new("model.onnx", hash, 1), Receipt])));

    [Fact]
    public void Lists_that_no_entry_has_are_refused()
    {
        CacheFile model = new("model.onnx", Hash, 1);
        CacheFile[][] lists =
        [
            [],
            [model],
            [Receipt],
            [model, model, Receipt],
            [model with { Bytes = -1 }, Receipt],
            [.. Enumerable.Range(0, 300).Select(i => model with { Name = $"model.{i}.onnx" }), Receipt],
        ];

        Assert.All(lists, list => Assert.Throws<InvalidDataException>(() => EntryList.Read(EntryList.Write(list))));
    }

    [Fact]
    public void Damaged_bytes_are_refused_or_a_list_of_valid_names()
    {
        var list = EntryList.Write([new CacheFile("model.onnx", Hash, 1), Receipt]);
        var refused = 0;
        for (var i = 0; i < list.Length; i++)
            foreach (var bit in new[] { 1, 8, 128 })
            {
                byte[] damaged = [.. list];
                damaged[i] ^= (byte)bit;
                try
                {
                    Assert.All(EntryList.Read(damaged), file => Assert.DoesNotContain('/', file.Name));
                }
                catch (InvalidDataException)
                {
                    refused++;
                }
            }

        Assert.InRange(refused, list.Length, 3 * list.Length);
    }
}
